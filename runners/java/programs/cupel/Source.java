package cupel;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.SourcePositions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A parsed file, and what is to be changed in it. */
final class Source {
  final String path;
  final String text;
  final CompilationUnitTree unit;
  final SourcePositions positions;
  private final List<Edit> edits = new ArrayList<>();

  private record Edit(int offset, int removed, String text) {}

  Source(String path, String text, CompilationUnitTree unit, SourcePositions positions) {
    this.path = path;
    this.text = text;
    this.unit = unit;
    this.positions = positions;
  }

  int start(Tree tree) {
    return (int) positions.getStartPosition(unit, tree);
  }

  int end(Tree tree) {
    return (int) positions.getEndPosition(unit, tree);
  }

  int line(Tree tree) {
    int start = start(tree);
    return start < 0 ? 1 : (int) unit.getLineMap().getLineNumber(start);
  }

  String textOf(Tree tree) {
    return text.substring(start(tree), end(tree));
  }

  String packageName() {
    return unit.getPackageName() == null ? "" : unit.getPackageName().toString();
  }

  void insert(int offset, String added) {
    edits.add(new Edit(offset, 0, added));
  }

  /** Takes a part of the file away, and leaves its lines. */
  void blank(int from, int to) {
    edits.add(new Edit(from, to - from, text.substring(from, to).replaceAll("[^\\n]", " ")));
  }

  boolean isChanged() {
    return !edits.isEmpty();
  }

  /** The file with all changes. */
  String changed() {
    StringBuilder written = new StringBuilder();
    int last = 0;
    List<Edit> sorted = new ArrayList<>(edits);
    sorted.sort(Comparator.comparingInt(Edit::offset));
    for (Edit edit : sorted) {
      if (edit.offset() < last) {
        continue;
      }
      written.append(text, last, edit.offset()).append(edit.text());
      last = edit.offset() + edit.removed();
    }
    return written.append(text.substring(last)).toString();
  }

  /** The binary name of a class, below the names of those around it. */
  static String nameOf(String around, ClassTree type) {
    return around.isEmpty() ? type.getSimpleName().toString() : around + "$" + type.getSimpleName();
  }
}
