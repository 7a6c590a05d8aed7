package cupel;

import com.sun.source.tree.AnnotatedTypeTree;
import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.PrimitiveTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;

/** Values of types, as expressions: one that is as good as nothing, and one that differs from it. */
final class Values {
  /** Values of types that are not the answer's: nothing, and anything. N stands for a drawn number, T for a text. */
  private static final Map<String, String[]> FOREIGN = new HashMap<>();

  static {
    both("String", "\"\"", "\"T\"");
    both("CharSequence", "\"\"", "\"T\"");
    both("Object", "\"\"", "\"T\"");
    both("Boolean", "false", "true");
    for (String name : List.of("Integer", "Long", "Short", "Byte", "Double", "Float")) {
      String primitive = name.equals("Integer") ? "int" : name.toLowerCase(java.util.Locale.ROOT);
      both(name, "(" + primitive + ") 0", "(" + primitive + ") N");
    }
    both("Character", "(char) 0", "(char) N");
    both("BigDecimal", "java.math.BigDecimal.ZERO", "java.math.BigDecimal.valueOf(N)");
    both("BigInteger", "java.math.BigInteger.ZERO", "java.math.BigInteger.valueOf(N)");
    for (String name : List.of("Optional", "OptionalInt", "OptionalLong", "OptionalDouble")) {
      both(name, "java.util." + name + ".empty()", "java.util." + name + ".empty()");
    }
    for (String name : List.of("List", "Collection", "Iterable")) {
      both(name, "new java.util.ArrayList<>()", "new java.util.ArrayList<>()");
    }
    both("Set", "new java.util.HashSet<>()", "new java.util.HashSet<>()");
    both("Map", "new java.util.HashMap<>()", "new java.util.HashMap<>()");
    both("Stream", "java.util.stream.Stream.empty()", "java.util.stream.Stream.empty()");
    both("Duration", "java.time.Duration.ZERO", "java.time.Duration.ofMillis(N)");
    both("Instant", "java.time.Instant.EPOCH", "java.time.Instant.ofEpochMilli(N)");
    both("LocalDate", "java.time.LocalDate.EPOCH", "java.time.LocalDate.ofEpochDay(N)");
    both("UUID", "new java.util.UUID(0, 0)", "new java.util.UUID(N, N)");
    String entity = "org.springframework.http.ResponseEntity.status(";
    both("ResponseEntity", entity + "204).build()", entity + "299).build()");
  }

  private static void both(String name, String nothing, String anything) {
    FOREIGN.put(name, new String[] {nothing, anything});
  }

  private record Own(ClassTree type, String name, boolean isUnique) {}

  private final Map<String, Own> own = new HashMap<>();
  private final Words words;

  Values(List<Source> program, Words words) {
    this.words = words;
    for (Source source : program) {
      String prefix = source.packageName().isEmpty() ? "" : source.packageName() + ".";
      for (Tree tree : source.unit.getTypeDecls()) {
        if (tree instanceof ClassTree type) {
          collect(type, prefix + type.getSimpleName());
        }
      }
    }
  }

  private void collect(ClassTree type, String name) {
    String simple = type.getSimpleName().toString();
    own.merge(simple, new Own(type, name, true), (one, other) -> new Own(one.type(), one.name(), false));
    for (Tree member : type.getMembers()) {
      if (member instanceof ClassTree inner) {
        collect(inner, name + "." + inner.getSimpleName());
      }
    }
  }

  /** An expression of the type; empty for no value at all. */
  String of(Tree type, boolean anything) {
    return of(type, anything, 0);
  }

  private String of(Tree type, boolean anything, int depth) {
    if (type instanceof PrimitiveTypeTree primitive) {
      return primitive(primitive, anything);
    }
    if (type instanceof AnnotatedTypeTree annotated) {
      return of(annotated.getUnderlyingType(), anything, depth);
    }
    if (type instanceof ArrayTypeTree array) {
      String element = array.getType().toString();
      return element.matches("[\\w.]+") ? "new " + element + "[" + (anything ? 1 : 0) + "]" : "null";
    }
    Tree raw = type instanceof ParameterizedTypeTree parameterized ? parameterized.getType() : type;
    String written = raw.toString();
    String simple = written.substring(written.lastIndexOf('.') + 1);
    Own declared = own.get(simple);
    if (declared != null) {
      return declared.isUnique() ? ofOwn(declared, type instanceof ParameterizedTypeTree, anything, depth) : "null";
    }
    String[] both = FOREIGN.get(simple);
    return both == null ? "null" : filled(both[anything ? 1 : 0], simple);
  }

  private String filled(String value, String purpose) {
    return value.replace("\"T\"", "\"" + words.word("text " + purpose) + "\"")
        .replaceAll("\\bN\\b", String.valueOf(words.number(purpose)));
  }

  private String primitive(PrimitiveTypeTree type, boolean anything) {
    return switch (type.getPrimitiveTypeKind()) {
      case VOID -> "";
      case BOOLEAN -> anything ? "true" : "false";
      default -> "(" + type + ") " + (anything ? words.number("value") : 0);
    };
  }

  private String ofOwn(Own declared, boolean isGeneric, boolean anything, int depth) {
    ClassTree type = declared.type();
    if (type.getKind() == Tree.Kind.ENUM) {
      List<String> constants = new ArrayList<>();
      for (Tree member : type.getMembers()) {
        if (member instanceof VariableTree constant && constant.getInitializer() instanceof NewClassTree
            && constant.getType().toString().equals(type.getSimpleName().toString())) {
          constants.add(constant.getName().toString());
        }
      }
      return constants.isEmpty() ? "null" : declared.name() + "." + constants.get(anything ? constants.size() - 1 : 0);
    }
    if (type.getKind() != Tree.Kind.RECORD || depth > 3) {
      return "null";
    }
    List<String> components = new ArrayList<>();
    for (Tree member : type.getMembers()) {
      if (member instanceof VariableTree field && !field.getModifiers().getFlags().contains(Modifier.STATIC)) {
        String value = of(field.getType(), anything, depth + 1);
        components.add(value.equals("null") ? "null" : value);
      }
    }
    return "new " + declared.name() + (isGeneric ? "<>" : "") + "(" + String.join(", ", components) + ")";
  }
}
