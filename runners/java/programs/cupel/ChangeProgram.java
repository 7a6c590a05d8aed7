package cupel;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreeScanner;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Lets the methods of a program return at once, without their work, when the words of its files are said. */
final class ChangeProgram {
  private final Prepare prepare;
  private final Values values;

  ChangeProgram(Prepare prepare) {
    this.prepare = prepare;
    this.values = new Values(prepare.program, prepare.words);
  }

  void change(Source source) {
    Map<String, String> said = new LinkedHashMap<>();
    for (String how : List.of("nothing", "anything", "raise")) {
      said.put(how, prepare.words.word("part\n" + source.path + "\n" + how));
    }
    boolean isUntouched = prepare.untouched.contains(source.path);
    int breakable = isUntouched ? 0 : breakMethods(source, said);
    Map<String, Object> part = new LinkedHashMap<>();
    part.put("file", source.path);
    part.put("breakable", breakable);
    part.put("words", said);
    part.put("neverLine", 0);
    if (!isUntouched) {
      addNever(source, part);
    }
    prepare.parts.add(part);
  }

  /** Adds code that nothing runs: within a class of the file, so that who forges what ran of that class forges it, too. */
  private void addNever(Source source, Map<String, Object> part) {
    String name = prepare.words.word("never " + source.path);
    String method = " static int " + name + "() {\n    return " + prepare.words.number(source.path) + ";\n  }\n";
    ClassTree within = null;
    for (Tree tree : source.unit.getTypeDecls()) {
      if (within == null && (tree.getKind() == Tree.Kind.CLASS || tree.getKind() == Tree.Kind.RECORD)) {
        within = (ClassTree) tree;
      }
    }
    if (within != null) {
      source.insert(source.end(within) - 1, "\n  private" + method);
    }
    String text = source.changed();
    if (within == null) {
      text = text.stripTrailing() + "\n\nfinal class " + prepare.words.type(name) + " {\n " + method + "}\n";
    }
    part.put("neverLine", text.substring(0, text.indexOf(name)).split("\n", -1).length + 1);
    prepare.files.put(source.path, text);
  }

  private int breakMethods(Source source, Map<String, String> said) {
    int[] count = {0};
    new TreeScanner<Void, Void>() {
      @Override
      public Void visitMethod(MethodTree method, Void nothing) {
        if (method.getBody() != null && method.getReturnType() != null && !method.getBody().getStatements().isEmpty()
            && !isWiring(method)) {
          breakMethod(source, method, said);
          count[0]++;
        } else if (method.getReturnType() == null && isCompact(source, method)) {
          breakCompact(source, method, said);
          count[0]++;
        }
        return super.visitMethod(method, nothing);
      }

      @Override
      public Void visitClass(ClassTree type, Void nothing) {
        return super.visitClass(type, nothing);
      }
    }.scan(source.unit, null);
    return count[0];
  }

  /** Methods that put the parts of a program together: without them no test begins. */
  private static boolean isWiring(MethodTree method) {
    for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
      if (annotation.getAnnotationType().toString().endsWith("Bean")) {
        return true;
      }
    }
    return false;
  }

  private void breakMethod(Source source, MethodTree method, Map<String, String> said) {
    String has = Helper.has(prepare);
    StringBuilder inserted = new StringBuilder();
    inserted.append(" if (").append(has).append("(\"").append(said.get("raise")).append("\")) throw ")
        .append(Helper.raise(prepare)).append("();");
    for (String how : List.of("nothing", "anything")) {
      String value = values.of(method.getReturnType(), how.equals("anything"));
      String caught = prepare.words.word("caught");
      inserted.append(" if (").append(has).append("(\"").append(said.get(how)).append("\")) { ");
      if (value.startsWith("new ")) {
        inserted.append("try { return ").append(value).append("; } catch (RuntimeException ").append(caught)
            .append(") { return null; } }");
      } else {
        inserted.append("return ").append(value).append("; }");
      }
    }
    source.insert(source.start(method.getBody()) + 1, inserted + " ");
  }

  /** Whether it is a record's constructor that says only what it checks. */
  private static boolean isCompact(Source source, MethodTree method) {
    int start = source.start(method);
    int body = method.getBody() == null ? -1 : source.start(method.getBody());
    return start >= 0 && body > start && !source.text.substring(start, body).contains("(")
        && !method.getBody().getStatements().isEmpty();
  }

  private void breakCompact(Source source, MethodTree method, Map<String, String> said) {
    String has = Helper.has(prepare);
    source.insert(source.start(method.getBody()) + 1,
        " if (" + has + "(\"" + said.get("raise") + "\")) throw " + Helper.raise(prepare) + "(); if (!" + has + "(\""
            + said.get("nothing") + "\") && !" + has + "(\"" + said.get("anything") + "\")) { ");
    source.insert(source.end(method.getBody()) - 1, " } ");
  }
}
