package cupel;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xml.sax.SAXParseException;

/**
 * Reads a pom.xml as data and prints what it declares as JSON. Nothing of it is run, and nothing is looked up.
 *
 * <p>Usage: {@code ReadPom PATH}. {@code resolvable} is a pom written anew, with nothing in it but the coordinates of
 * published packages: it is all that the resolver sees.
 */
final class ReadPom {
  /** Parts of a project, and of a profile, that say which packages it wants. */
  private static final Set<String> PROJECT = Set.of("parent", "properties", "dependencyManagement", "dependencies");

  private static final Set<String> PROFILE = Set.of("id", "activation", "properties", "dependencyManagement", "dependencies");

  private final Node project;
  private final Map<String, String> properties = new LinkedHashMap<>();

  private ReadPom(Node project) {
    this.project = project;
    for (Node node : project.at("properties")) {
      node.children.forEach(one -> properties.put(one.name, one.text()));
    }
    for (String name : List.of("groupId", "artifactId", "version", "name", "description")) {
      String value = project.text(name);
      if (value != null) {
        properties.put("project." + name, value);
      }
    }
    for (Node parent : project.at("parent")) {
      for (String name : List.of("groupId", "version")) {
        properties.putIfAbsent("project." + name, parent.text(name));
      }
    }
  }

  public static void main(String[] words) throws Exception {
    Map<String, Object> result = new LinkedHashMap<>();
    try {
      Node root = Node.parse(Files.newBufferedReader(Path.of(words[0]), StandardCharsets.UTF_8));
      if (!root.name.equals("project")) {
        throw new IllegalArgumentException("expected <project>, found <" + root.name + ">");
      }
      result.put("problem", null);
      result.put("line", null);
      result.put("pom", new ReadPom(root).read());
    } catch (SAXParseException broken) {
      result.put("problem", broken.getMessage());
      result.put("line", broken.getLineNumber());
      result.put("pom", null);
    } catch (IllegalArgumentException | java.io.IOException broken) {
      result.put("problem", String.valueOf(broken.getMessage()));
      result.put("line", 1);
      result.put("pom", null);
    }
    System.out.println(Json.of(result));
  }

  private Map<String, Object> read() {
    Map<String, Object> pom = new LinkedHashMap<>();
    pom.put("packaging", orElse(project.text("packaging"), "jar"));
    pom.put("parent", project.child("parent") == null ? null : coordinates(project.child("parent")));
    pom.put("parentPath", project.at("parent").stream().map(node -> node.text("relativePath")).findFirst().orElse(null));
    pom.put("properties", properties);
    List<Node> places = new ArrayList<>(List.of(project));
    places.addAll(project.at("profiles", "profile"));
    List<Object> dependencies = new ArrayList<>();
    List<Object> managed = new ArrayList<>();
    List<Object> plugins = new ArrayList<>();
    List<Object> repositories = new ArrayList<>();
    List<Object> extensions = new ArrayList<>();
    for (Node place : places) {
      place.at("dependencies", "dependency").forEach(node -> dependencies.add(coordinates(node)));
      place.at("dependencyManagement", "dependencies", "dependency").forEach(node -> managed.add(coordinates(node)));
      place.at("build", "plugins", "plugin").forEach(node -> plugins.add(plugin(node)));
      for (String kind : List.of("repositories", "pluginRepositories")) {
        for (Node node : place.at(kind)) {
          node.children.forEach(one -> repositories.add(placed(expand(orElse(one.text("url"), "")), one.line)));
        }
      }
      place.at("build", "extensions", "extension").forEach(node -> extensions.add(coordinates(node)));
    }
    pom.put("dependencies", dependencies);
    pom.put("managed", managed);
    pom.put("plugins", plugins);
    List<Object> managedPlugins = new ArrayList<>();
    project.at("build", "pluginManagement", "plugins", "plugin").forEach(node -> managedPlugins.add(plugin(node)));
    pom.put("managedPlugins", managedPlugins);
    pom.put("repositories", repositories);
    pom.put("extensions", extensions);
    List<Object> modules = new ArrayList<>();
    places.forEach(place -> place.at("modules", "module").forEach(node -> modules.add(placed(node.text(), node.line))));
    pom.put("modules", modules);
    pom.put("filtered", project.at("build", "resources", "resource", "filtering").stream().anyMatch(node -> node.text().equals("true")));
    List<Object> folders = new ArrayList<>();
    for (String name : List.of("sourceDirectory", "testSourceDirectory")) {
      project.at("build", name).forEach(node -> folders.add(placed(name + " " + expand(node.text()), node.line)));
    }
    pom.put("folders", folders);
    pom.put("resolvable", resolvable());
    return pom;
  }

  private static String orElse(String value, String otherwise) {
    return value == null || value.isEmpty() ? otherwise : value;
  }

  private static Map<String, Object> placed(String text, int line) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("text", text);
    made.put("line", line);
    return made;
  }

  private Map<String, Object> coordinates(Node node) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("group", expand(orElse(node.text("groupId"), "org.apache.maven.plugins")));
    made.put("artifact", expand(orElse(node.text("artifactId"), "")));
    String version = node.text("version");
    made.put("version", version == null ? null : expand(version));
    made.put("scope", node.text("scope"));
    made.put("systemPath", node.text("systemPath"));
    made.put("line", node.line);
    return made;
  }

  private Map<String, Object> plugin(Node node) {
    Map<String, Object> made = coordinates(node);
    made.put("extensions", "true".equals(node.text("extensions")));
    for (String name : List.of("includes", "excludes")) {
      List<String> patterns = new ArrayList<>();
      node.at("configuration", name).forEach(list -> list.children.forEach(one -> patterns.add(one.text())));
      made.put(name, patterns);
    }
    List<Object> processors = new ArrayList<>();
    node.at("configuration", "annotationProcessorPaths").forEach(list -> list.children.forEach(one -> processors.add(coordinates(one))));
    made.put("processors", processors);
    List<String> goals = new ArrayList<>();
    node.at("executions", "execution", "goals", "goal").forEach(goal -> goals.add(goal.text()));
    made.put("goals", goals);
    for (String name : List.of("release", "source", "mainClass")) {
      String value = node.at("configuration", name).stream().map(Node::text).findFirst().orElse(null);
      made.put(name, value == null ? null : expand(value));
    }
    List<String> arguments = new ArrayList<>();
    node.at("configuration", "compilerArgs").forEach(list -> list.children.forEach(one -> arguments.add(expand(one.text()))));
    node.at("configuration", "argLine").forEach(one -> arguments.add(expand(one.text())));
    made.put("arguments", arguments);
    return made;
  }

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([^}]+)}");

  /** A text with the project's own properties in place of references to them; others stay. */
  private String expand(String text) {
    String expanded = text;
    for (int depth = 0; depth < 8 && expanded.contains("${"); depth++) {
      Matcher matcher = REFERENCE.matcher(expanded);
      StringBuilder next = new StringBuilder();
      while (matcher.find()) {
        String value = properties.get(matcher.group(1));
        matcher.appendReplacement(next, Matcher.quoteReplacement(value == null ? matcher.group() : value));
      }
      matcher.appendTail(next);
      if (next.length() > 10_000) {
        return text;
      }
      expanded = next.toString();
    }
    return expanded;
  }

  private String resolvable() {
    StringBuilder out = new StringBuilder("<project>\n<modelVersion>4.0.0</modelVersion>\n");
    for (String name : List.of("groupId", "artifactId", "version")) {
      String value = project.text(name);
      if (value != null) {
        out.append('<').append(name).append('>').append(Node.escaped(value)).append("</").append(name).append(">\n");
      }
    }
    for (Node node : project.children) {
      if (PROJECT.contains(node.name)) {
        write(node, out);
      }
    }
    addProcessors(out);
    List<Node> profiles = project.at("profiles", "profile");
    if (!profiles.isEmpty()) {
      out.append("<profiles>\n");
      for (Node profile : profiles) {
        out.append("<profile>\n");
        profile.children.stream().filter(node -> PROFILE.contains(node.name)).forEach(node -> write(node, out));
        out.append("</profile>\n");
      }
      out.append("</profiles>\n");
    }
    return out.append("</project>\n").toString();
  }

  /** What the compiler is to run beside the declared packages is resolved like a package that is there to compile. */
  private void addProcessors(StringBuilder out) {
    List<Node> paths = project.at("build", "plugins", "plugin", "configuration", "annotationProcessorPaths", "path");
    if (paths.isEmpty()) {
      return;
    }
    StringBuilder written = new StringBuilder();
    for (Node path : paths) {
      written.append("<dependency>");
      path.children.forEach(one -> one.write(written));
      written.append("<scope>provided</scope></dependency>\n");
    }
    int end = out.lastIndexOf("</dependencies>");
    boolean isOwn = end != -1 && project.child("dependencies") != null && out.indexOf("</dependencyManagement>", end) == -1;
    out.insert(isOwn ? end : out.length(), isOwn ? written : "<dependencies>" + written + "</dependencies>\n");
  }

  private static void write(Node node, StringBuilder out) {
    if (!node.name.equals("parent")) {
      node.write(out);
      return;
    }
    out.append("<parent>\n");
    node.children.stream().filter(one -> !one.name.equals("relativePath")).forEach(one -> one.write(out));
    out.append("<relativePath/></parent>\n");
  }
}
