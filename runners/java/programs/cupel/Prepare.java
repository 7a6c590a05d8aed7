package cupel;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Prepares a copy of a Java project in which tests can be made to fail, and methods to do other than their work.
 *
 * <p>Usage: {@code Prepare REQUEST}. The request has lines of a word and a value: {@code seed}, {@code main} and
 * {@code test} (paths of files of the program and of its tests), {@code untouched} (files that stay as they are, because
 * their changed form does not compile). Files are only parsed: nothing of them is compiled or run here. Which change
 * takes effect is decided when tests are started, by a variable of the environment that holds words.
 */
public final class Prepare {
  final Words words;
  final Set<String> untouched = new HashSet<>();
  final List<Source> program = new ArrayList<>();
  final List<Source> tests = new ArrayList<>();
  final List<Object> foundTests = new ArrayList<>();
  final List<Object> parts = new ArrayList<>();
  final Map<String, Object> files = new LinkedHashMap<>();
  final Map<String, Object> measured = new LinkedHashMap<>();
  final String helperPackage;
  final String helper;
  final String all;
  final String variable;

  private Prepare(String seed) {
    words = new Words(seed);
    helperPackage = words.word("package");
    helper = helperPackage + "." + words.type("helper");
    all = words.word("all");
    variable = words.word("variable").toUpperCase(java.util.Locale.ROOT);
  }

  public static void main(String[] arguments) throws Exception {
    Map<String, List<String>> request = new LinkedHashMap<>();
    for (String line : Files.readAllLines(Path.of(arguments[0]))) {
      String[] parts = line.split(" ", 2);
      request.computeIfAbsent(parts[0], word -> new ArrayList<>()).add(parts.length > 1 ? parts[1] : "");
    }
    Prepare prepare = new Prepare(request.get("seed").get(0));
    prepare.untouched.addAll(request.getOrDefault("untouched", List.of()));
    prepare.parse(request.getOrDefault("main", List.of()), prepare.program);
    prepare.parse(request.getOrDefault("test", List.of()), prepare.tests);
    System.out.println(Json.of(prepare.result()));
  }

  private void parse(List<String> paths, List<Source> into) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    for (String path : paths) {
      if (path.endsWith("module-info.java") || path.endsWith("package-info.java")) {
        continue;
      }
      String text = new String(Files.readAllBytes(Path.of(path)), StandardCharsets.UTF_8);
      DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
      JavaFileObject file = new Text(path, text);
      JavacTask task = (JavacTask) compiler.getTask(null, null, said, List.of("-proc:none"), null, List.of(file));
      for (CompilationUnitTree unit : task.parse()) {
        boolean isBroken = said.getDiagnostics().stream().anyMatch(one -> one.getKind() == Diagnostic.Kind.ERROR);
        if (!isBroken) {
          into.add(new Source(path, text, unit, Trees.instance(task).getSourcePositions()));
        }
      }
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String path, String text) {
      super(URI.create("string:///" + path.replaceAll("[^A-Za-z0-9/._-]", "_")), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private Map<String, Object> result() {
    Set<String> hiding = hidingAnnotations();
    ChangeTests changeTests = new ChangeTests(this);
    for (Source source : tests) {
      changeTests.change(source);
      if (!untouched.contains(source.path)) {
        files.put(source.path, source.changed());
      }
    }
    ChangeProgram changeProgram = new ChangeProgram(this);
    for (Source source : program) {
      show(source, hiding);
      if (source.isChanged()) {
        measured.put(source.path, source.changed());
      }
      changeProgram.change(source);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("tests", foundTests);
    result.put("parts", parts);
    result.put("files", files);
    result.put("measured", measured);
    result.put("helperPath", helperPackage + "/" + helper.substring(helper.indexOf('.') + 1) + ".java");
    result.put("helper", Helper.text(this));
    result.put("variable", variable);
    result.put("all", all);
    return result;
  }

  /** Names of annotations of the answer's own that would hide code from the measurement of coverage. */
  private Set<String> hidingAnnotations() {
    Set<String> names = new HashSet<>(Set.of("lombok.Generated"));
    for (Source source : program) {
      new TreeScanner<Void, Void>() {
        @Override
        public Void visitClass(ClassTree type, Void nothing) {
          String name = type.getSimpleName().toString();
          if (type.getKind() == Tree.Kind.ANNOTATION_TYPE && name.contains("Generated")) {
            names.add(name);
          }
          return super.visitClass(type, nothing);
        }
      }.scan(source.unit, null);
    }
    return names;
  }

  /** Takes those annotations away: what is written by hand counts. */
  private static void show(Source source, Set<String> hiding) {
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitAnnotation(AnnotationTree annotation, Void nothing) {
        String name = annotation.getAnnotationType().toString();
        String simple = name.substring(name.lastIndexOf('.') + 1);
        if (hiding.contains(simple) || hiding.contains(name)) {
          source.blank(source.start(annotation), source.end(annotation));
        }
        return super.visitAnnotation(annotation, nothing);
      }
    }.scan(source.unit, null);
  }
}
