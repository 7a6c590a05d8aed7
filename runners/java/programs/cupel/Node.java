package cupel;

import java.io.Reader;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.InputSource;
import org.xml.sax.Locator;
import org.xml.sax.helpers.DefaultHandler;

/** An element of an XML document, with the line on which it begins. Documents with a document type are refused. */
final class Node {
  final String name;
  final int line;
  final List<Node> children = new ArrayList<>();
  final StringBuilder characters = new StringBuilder();

  private Node(String name, int line) {
    this.name = name;
    this.line = line;
  }

  /** The text of an element without children. */
  String text() {
    return characters.toString().trim();
  }

  Node child(String wanted) {
    return children.stream().filter(node -> node.name.equals(wanted)).findFirst().orElse(null);
  }

  /** The text of a child; null where there is none. */
  String text(String wanted) {
    Node node = child(wanted);
    return node == null ? null : node.text();
  }

  /** The elements at the end of a path of names. */
  List<Node> at(String... path) {
    List<Node> found = List.of(this);
    for (String step : path) {
      List<Node> next = new ArrayList<>();
      for (Node node : found) {
        for (Node child : node.children) {
          if (child.name.equals(step)) {
            next.add(child);
          }
        }
      }
      found = next;
    }
    return found;
  }

  /** Writes the element again. */
  void write(StringBuilder out) {
    out.append('<').append(name).append('>');
    if (children.isEmpty()) {
      out.append(escaped(text()));
    }
    for (Node child : children) {
      child.write(out);
    }
    out.append("</").append(name).append(">\n");
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  static Node parse(Reader reader) throws Exception {
    SAXParserFactory factory = SAXParserFactory.newInstance();
    factory.setNamespaceAware(true);
    factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
    Builder builder = new Builder();
    factory.newSAXParser().parse(new InputSource(reader), builder);
    return builder.root;
  }

  private static final class Builder extends DefaultHandler {
    private final Deque<Node> open = new ArrayDeque<>();
    private Locator locator;
    private Node root;

    @Override
    public void setDocumentLocator(Locator given) {
      locator = given;
    }

    @Override
    public void startElement(String space, String local, String qualified, Attributes attributes) {
      Node node = new Node(local, locator.getLineNumber());
      if (open.isEmpty()) {
        root = node;
      } else {
        open.peek().children.add(node);
      }
      open.push(node);
    }

    @Override
    public void endElement(String space, String local, String qualified) {
      open.pop();
    }

    @Override
    public void characters(char[] letters, int start, int length) {
      if (!open.isEmpty()) {
        open.peek().characters.append(letters, start, length);
      }
    }
  }
}
