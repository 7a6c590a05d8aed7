package cupel;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BlockTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;

/** Lists the tests of files, and lets each fail at its end when its word is said. */
final class ChangeTests {
  private static final Pattern ASSERTING =
      Pattern.compile("(?i)(?:assert|verify|expect|andexpect|fail|should|then|require|ensure|check|is[A-Z]|has[A-Z]|contains).*");

  /** Ways to expect an error that also take ours for what is expected. */
  private static final Pattern EXPECTING = Pattern.compile("expected\\s*=\\s*(?:java\\.lang\\.)?(?:Throwable|Error|AssertionError)\\b.*", Pattern.DOTALL);

  private final Prepare prepare;
  private final Set<String> marks =
      new HashSet<>(Set.of("Test", "ParameterizedTest", "RepeatedTest", "TestFactory", "TestTemplate", "Property", "Example"));

  ChangeTests(Prepare prepare) {
    this.prepare = prepare;
    // Annotations of the answer's own that stand for one of these, and those that stand for such a one.
    int before;
    do {
      before = marks.size();
      prepare.tests.forEach(this::collectMarks);
      prepare.program.forEach(this::collectMarks);
    } while (marks.size() > before);
  }

  private void collectMarks(Source source) {
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitClass(ClassTree type, Void nothing) {
        if (type.getKind() == Tree.Kind.ANNOTATION_TYPE && isMarked(type.getModifiers().getAnnotations())) {
          marks.add(type.getSimpleName().toString());
        }
        return super.visitClass(type, nothing);
      }
    }.scan(source.unit, null);
  }

  private static String simple(AnnotationTree annotation) {
    String name = annotation.getAnnotationType().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private boolean isMarked(Iterable<? extends AnnotationTree> annotations) {
    for (AnnotationTree annotation : annotations) {
      if (marks.contains(simple(annotation))) {
        return true;
      }
    }
    return false;
  }

  void change(Source source) {
    String prefix = source.packageName().isEmpty() ? "" : source.packageName() + ".";
    for (Tree tree : source.unit.getTypeDecls()) {
      if (tree instanceof ClassTree type) {
        change(source, type, prefix + type.getSimpleName(), isConcrete(type));
      }
    }
  }

  /** Whether a framework makes instances of a class. */
  private static boolean isConcrete(ClassTree type) {
    return type.getKind() == Tree.Kind.CLASS && !type.getModifiers().getFlags().contains(Modifier.ABSTRACT);
  }

  /** Whether a class within another one is one of tests. */
  private static boolean isNested(ClassTree type) {
    for (AnnotationTree annotation : type.getModifiers().getAnnotations()) {
      if (simple(annotation).equals("Nested") || simple(annotation).equals("Group")) {
        return isConcrete(type);
      }
    }
    return false;
  }

  private void change(Source source, ClassTree type, String name, boolean runs) {
    boolean isOfJunit3 = type.getExtendsClause() != null && type.getExtendsClause().toString().endsWith("TestCase");
    for (Tree member : type.getMembers()) {
      if (member instanceof ClassTree inner) {
        change(source, inner, name + "$" + inner.getSimpleName(), runs && isNested(inner));
      } else if (member instanceof MethodTree method && method.getBody() != null) {
        boolean isTest = isMarked(method.getModifiers().getAnnotations());
        boolean isOld = isOfJunit3 && method.getName().toString().startsWith("test") && method.getParameters().isEmpty();
        if (isTest || isOld) {
          change(source, method, name, runs);
        }
      }
    }
  }

  private void change(Source source, MethodTree method, String type, boolean runs) {
    String name = type + "." + method.getName();
    String word = prepare.words.word("test\n" + name);
    boolean changes = !prepare.untouched.contains(source.path);
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("name", name);
    made.put("file", source.path);
    made.put("line", source.line(method.getBody()));
    made.put("asserts", asserts(method));
    made.put("changed", changes);
    made.put("runs", runs);
    made.put("decides", decides(source, method));
    made.put("word", word);
    prepare.foundTests.add(made);
    if (!changes) {
      return;
    }
    BlockTree body = method.getBody();
    int way = (prepare.words.number("way " + name) - 101) % 3;
    source.insert(source.start(body) + 1, " try {");
    source.insert(source.end(body) - 1, " } finally { " + Helper.fail(prepare) + "(\"" + word + "\", " + way + "); } ");
  }

  private static boolean asserts(MethodTree method) {
    if (method.getReturnType() != null && method.getReturnType().toString().matches("(?i)boolean")) {
      return true;
    }
    Boolean found =
        new TreeScanner<Boolean, Void>() {
          @Override
          public Boolean visitMethodInvocation(MethodInvocationTree call, Void nothing) {
            String called = call.getMethodSelect().toString();
            String name = called.substring(called.lastIndexOf('.') + 1);
            return ASSERTING.matcher(name).matches() ? Boolean.TRUE : super.visitMethodInvocation(call, nothing);
          }

          @Override
          public Boolean reduce(Boolean one, Boolean other) {
            return Boolean.TRUE.equals(one) || Boolean.TRUE.equals(other);
          }
        }.scan(method.getBody(), null);
    return Boolean.TRUE.equals(found);
  }

  /** Whether nothing that the test says of itself takes our failure for what it expects. */
  private static boolean decides(Source source, MethodTree method) {
    for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
      if (simple(annotation).equals("ExpectFailure")) {
        return false;
      }
      for (Tree argument : annotation.getArguments()) {
        if (EXPECTING.matcher(source.textOf(argument)).matches()) {
          return false;
        }
      }
    }
    return true;
  }
}
