package cupel;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Fetches files of a Maven repository into a folder, and compares them with their hashes.
 *
 * <p>Usage: {@code Fetch ADDRESS LIST FOLDER}. Each line of LIST is a SHA-256 in hexadecimal digits, or a hyphen where
 * none is known yet, and a path below the address. Prints the same lines with the hashes of what came. Ends with 1 at
 * the first file that is not there, cannot be fetched, or has another hash.
 */
final class Fetch {
  private Fetch() {}

  public static void main(String[] words) throws Exception {
    for (String line : Files.readAllLines(Path.of(words[1]))) {
      String[] parts = line.trim().split(" ", 2);
      if (parts.length != 2) {
        continue;
      }
      String hash = fetch(words[0] + parts[1], Path.of(words[2]).resolve(parts[1]));
      if (!parts[0].equals("-") && !parts[0].equals(hash)) {
        System.err.println(parts[1] + ": expected SHA-256 " + parts[0] + ", got " + hash);
        System.exit(1);
      }
      System.out.println(hash + " " + parts[1]);
    }
  }

  private static String fetch(String address, Path target) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    HttpURLConnection connection = (HttpURLConnection) new URL(address).openConnection();
    connection.setConnectTimeout(30_000);
    connection.setReadTimeout(120_000);
    try {
      int status = connection.getResponseCode();
      if (status != 200) {
        System.err.println(address + ": the registry answered " + status);
        System.exit(1);
      }
      Files.createDirectories(target.getParent());
      try (InputStream content = new DigestInputStream(connection.getInputStream(), digest)) {
        Files.copy(content, target, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (SocketException | SocketTimeoutException broken) {
      System.err.println(address + ": connection reset: " + broken);
      System.exit(1);
    } catch (IOException broken) {
      System.err.println(address + ": " + broken);
      System.exit(1);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
