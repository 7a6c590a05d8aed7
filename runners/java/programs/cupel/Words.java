package cupel;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/** Makes names and words that only somebody who knows the seed can tell. */
final class Words {
  private final String seed;

  Words(String seed) {
    this.seed = seed;
  }

  private byte[] digest(String purpose) {
    try {
      return MessageDigest.getInstance("SHA-256").digest((seed + "\n" + purpose).getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String word(String purpose) {
    byte[] digest = digest(purpose);
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < 6; at++) {
      text.append((char) ('a' + (digest[at] >> 4 & 15))).append((char) ('a' + (digest[at] & 15)));
    }
    return text.toString();
  }

  /** A word that can name a class. */
  String type(String purpose) {
    String word = word("type " + purpose);
    return word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  /** From 101 to 120: a value of every numeric type. */
  int number(String purpose) {
    return 101 + (digest("number " + purpose)[0] & 255) % 20;
  }
}
