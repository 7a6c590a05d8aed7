package cupel;

import java.util.Collection;
import java.util.Map;

/** Writes values as JSON: texts, numbers, truth values, lists and tables of them. */
final class Json {
  private Json() {}

  static String of(Object value) {
    StringBuilder text = new StringBuilder();
    write(value, text);
    return text.toString();
  }

  private static void write(Object value, StringBuilder text) {
    if (value == null || value instanceof Number || value instanceof Boolean) {
      text.append(value);
    } else if (value instanceof Map<?, ?> table) {
      String separator = "{";
      for (Map.Entry<?, ?> entry : table.entrySet()) {
        text.append(separator);
        quote(String.valueOf(entry.getKey()), text);
        text.append(':');
        write(entry.getValue(), text);
        separator = ",";
      }
      text.append(table.isEmpty() ? "{}" : "}");
    } else if (value instanceof Collection<?> list) {
      String separator = "[";
      for (Object item : list) {
        text.append(separator);
        write(item, text);
        separator = ",";
      }
      text.append(list.isEmpty() ? "[]" : "]");
    } else {
      quote(String.valueOf(value), text);
    }
  }

  private static void quote(String value, StringBuilder text) {
    text.append('"');
    for (int at = 0; at < value.length(); at++) {
      char letter = value.charAt(at);
      if (letter == '"' || letter == '\\') {
        text.append('\\').append(letter);
      } else if (letter < ' ' || Character.isSurrogate(letter) || letter == '\u2028' || letter == '\u2029') {
        text.append(String.format("\\u%04x", (int) letter));
      } else {
        text.append(letter);
      }
    }
    text.append('"');
  }
}
