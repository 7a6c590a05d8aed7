package cupel;

import java.io.IOException;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipFile;

/**
 * Says which imports of some sources nothing has: neither the JDK, nor a package, nor the sources themselves.
 *
 * <p>Usage: {@code Imports REQUEST}, with lines {@code package PATH} and {@code source PATH}. Prints JSON. Only Java
 * packages are looked for: which of their classes there are is the compiler's business.
 */
final class Imports {
  private static final Pattern IMPORT = Pattern.compile("^\\s*import\\s+(?:static\\s+)?([\\w.]+?)(?:\\.\\*)?\\s*;");
  private static final Pattern PACKAGE = Pattern.compile("^\\s*package\\s+([\\w.]+)\\s*;", Pattern.MULTILINE);

  private Imports() {}

  public static void main(String[] words) throws IOException {
    Set<String> known = new HashSet<>();
    for (ModuleReference module : ModuleFinder.ofSystem().findAll()) {
      known.addAll(module.descriptor().packages());
    }
    Map<String, String> sources = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of(words[0]))) {
      if (line.startsWith("package ")) {
        packagesIn(line.substring(8), known);
      } else if (line.startsWith("source ")) {
        sources.put(line.substring(7), new String(Files.readAllBytes(Path.of(line.substring(7))), StandardCharsets.UTF_8));
      }
    }
    for (String text : sources.values()) {
      Matcher matcher = PACKAGE.matcher(text);
      if (matcher.find()) {
        known.add(matcher.group(1));
      }
    }
    List<Object> missing = new ArrayList<>();
    sources.forEach((path, text) -> look(path, text, known, missing));
    System.out.println(Json.of(Map.of("missing", missing)));
  }

  private static void packagesIn(String path, Set<String> known) throws IOException {
    try (ZipFile archive = new ZipFile(path)) {
      archive.stream().map(entry -> entry.getName()).filter(name -> name.endsWith(".class")).forEach(name -> {
        int end = name.lastIndexOf('/');
        String folder = end == -1 ? "" : name.substring(0, end);
        known.add(folder.replaceFirst("^META-INF/versions/\\d+/", "").replace('/', '.'));
      });
    }
  }

  private static void look(String path, String text, Set<String> known, List<Object> missing) {
    String[] lines = text.split("\n", -1);
    for (int number = 0; number < lines.length; number++) {
      Matcher matcher = IMPORT.matcher(lines[number]);
      if (matcher.find() && !isKnown(matcher.group(1), known)) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", matcher.group(1));
        one.put("file", path);
        one.put("line", number + 1);
        missing.add(one);
      }
    }
  }

  /** Whether a name, or what it begins with, is one of a package. */
  private static boolean isKnown(String name, Set<String> known) {
    for (String part = name; ; part = part.substring(0, part.lastIndexOf('.'))) {
      if (known.contains(part)) {
        return true;
      }
      if (!part.contains(".")) {
        return false;
      }
    }
  }
}
