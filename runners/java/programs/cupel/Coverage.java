package cupel;

import java.io.File;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jacoco.core.analysis.Analyzer;
import org.jacoco.core.analysis.CoverageBuilder;
import org.jacoco.core.analysis.ICounter;
import org.jacoco.core.analysis.ISourceFileCoverage;
import org.jacoco.core.tools.ExecFileLoader;

/**
 * Says which lines of the program ran, as JSON.
 *
 * <p>Usage: {@code Coverage DATA CLASSES}: what JaCoCo's agent left (it may be anything), and the folder of the classes
 * that were run. Ends with 0 when it printed its result, and with 1 when the data cannot be read.
 */
public final class Coverage {
  private Coverage() {}

  public static void main(String[] words) throws Exception {
    ExecFileLoader loader = new ExecFileLoader();
    try {
      loader.load(new File(words[0]));
    } catch (java.io.IOException | RuntimeException torn) {
      System.err.println("the data cannot be read: " + torn);
      System.exit(1);
    }
    CoverageBuilder builder = new CoverageBuilder();
    new Analyzer(loader.getExecutionDataStore(), builder).analyzeAll(new File(words[1]));
    List<Object> files = new ArrayList<>();
    for (ISourceFileCoverage file : builder.getSourceFiles()) {
      List<Integer> missing = new ArrayList<>();
      List<Integer> covered = new ArrayList<>();
      for (int line = file.getFirstLine(); line != -1 && line <= file.getLastLine(); line++) {
        int status = file.getLine(line).getStatus();
        if (status == ICounter.NOT_COVERED) {
          missing.add(line);
        } else if (status != ICounter.EMPTY) {
          covered.add(line);
        }
      }
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("folder", file.getPackageName());
      one.put("name", file.getName());
      one.put("missing", missing);
      one.put("covered", covered);
      files.add(one);
    }
    System.out.println(Json.of(Map.of("files", files)));
  }
}
