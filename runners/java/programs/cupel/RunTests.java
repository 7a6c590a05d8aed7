package cupel;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the tests of some classes and writes what comes of each as a line of JSON.
 *
 * <p>Usage: {@code RunTests EVENTS CLASSES}: the file to write, and one with the names of classes, one a line. Ends with
 * 0 where nothing failed, and with 1 where something did. Only engines from packages are used, and no listener that the
 * class path has beside them.
 */
public final class RunTests implements TestExecutionListener {
  private final OutputStream events;
  private final Map<String, Long> began = new HashMap<>();
  private TestPlan plan;
  private int written;
  private boolean failed;

  private RunTests(OutputStream events) {
    this.events = events;
  }

  public static void main(String[] words) throws Exception {
    boolean failed;
    try (OutputStream events = Files.newOutputStream(Path.of(words[0]))) {
      RunTests listener = new RunTests(events);
      listener.run(Files.readAllLines(Path.of(words[1])));
      failed = listener.failed;
    }
    System.out.flush();
    System.exit(failed ? 1 : 0);
  }

  private void run(List<String> classes) {
    List<DiscoverySelector> selectors = new ArrayList<>();
    for (String name : classes) {
      if (!name.isBlank()) {
        selectors.add(DiscoverySelectors.selectClass(name.trim()));
      }
    }
    LauncherConfig.Builder config =
        LauncherConfig.builder()
            .enableTestEngineAutoRegistration(false)
            .enableTestExecutionListenerAutoRegistration(false)
            .enableLauncherSessionListenerAutoRegistration(false)
            .enableLauncherDiscoveryListenerAutoRegistration(false)
            .enablePostDiscoveryFilterAutoRegistration(false);
    List<String> names = new ArrayList<>();
    for (TestEngine engine : ServiceLoader.load(TestEngine.class)) {
      CodeSource source = engine.getClass().getProtectionDomain().getCodeSource();
      String place = source == null || source.getLocation() == null ? "" : source.getLocation().getPath();
      if (place.startsWith("/env/") || place.startsWith("/tools/")) {
        config.addTestEngines(engine);
        names.add(engine.getId());
      }
    }
    LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectors).build();
    Launcher launcher = LauncherFactory.create(config.build());
    TestPlan found = launcher.discover(request);
    emit(event("plan", null, Map.of("engines", names)));
    launcher.execute(found, this);
  }

  private static Map<String, Object> event(String kind, TestIdentifier test, Map<String, ?> more) {
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("event", kind);
    if (test != null) {
      made.put("id", test.getUniqueId());
    }
    made.putAll(more);
    return made;
  }

  private synchronized void emit(Map<String, Object> event) {
    try {
      events.write((Json.of(event) + "\n").getBytes(StandardCharsets.UTF_8));
      written++;
    } catch (java.io.IOException broken) {
      throw new java.io.UncheckedIOException(broken);
    }
  }

  @Override
  public void testPlanExecutionStarted(TestPlan started) {
    plan = started;
  }

  @Override
  public void testPlanExecutionFinished(TestPlan ended) {
    emit(event("done", null, Map.of("lines", written)));
  }

  @Override
  public void dynamicTestRegistered(TestIdentifier test) {}

  @Override
  public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {}

  @Override
  public synchronized void executionStarted(TestIdentifier test) {
    began.put(test.getUniqueId(), System.nanoTime());
    if (test.isTest()) {
      emit(event("start", test, naming(test)));
    }
  }

  @Override
  public synchronized void executionSkipped(TestIdentifier test, String reason) {
    Set<TestIdentifier> below = plan.getDescendants(test);
    List<TestIdentifier> skipped = new ArrayList<>();
    for (TestIdentifier one : below) {
      if (one.isTest() || isTemplate(one)) {
        skipped.add(one);
      }
    }
    if (test.isTest() || isTemplate(test) || skipped.isEmpty()) {
      skipped.add(test);
    }
    for (TestIdentifier one : skipped) {
      Map<String, Object> more = naming(one);
      more.put("status", "skipped");
      more.put("message", String.valueOf(reason));
      more.put("ms", 0);
      more.put("asserted", false);
      emit(event("test", one, more));
    }
  }

  private static boolean isTemplate(TestIdentifier test) {
    return !test.isTest() && test.getSource().filter(MethodSource.class::isInstance).isPresent();
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    boolean isFailure = result.getStatus() == TestExecutionResult.Status.FAILED;
    failed |= isFailure;
    if (!test.isTest() && !isFailure && result.getStatus() != TestExecutionResult.Status.ABORTED) {
      return;
    }
    Map<String, Object> more = naming(test);
    more.put("status", status(result));
    Throwable thrown = result.getThrowable().orElse(null);
    more.put("message", thrown == null ? "" : words(thrown));
    more.put("asserted", thrown instanceof AssertionError);
    more.put("ms", (System.nanoTime() - began.getOrDefault(test.getUniqueId(), System.nanoTime())) / 1_000_000);
    emit(event(test.isTest() ? "test" : "container", test, more));
  }

  private static String status(TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL:
        return "passed";
      case ABORTED:
        return "skipped";
      default:
        return "failed";
    }
  }

  private static String words(Throwable thrown) {
    StringWriter text = new StringWriter();
    try {
      thrown.printStackTrace(new PrintWriter(text));
    } catch (RuntimeException broken) {
      text.append(thrown.getClass().getName());
    }
    String whole = text.toString();
    return whole.length() > 6000 ? whole.substring(0, 6000) : whole;
  }

  /** The name of a test: its class and method, and in brackets what tells its parts from one another. */
  private Map<String, Object> naming(TestIdentifier test) {
    Map<String, Object> made = new LinkedHashMap<>();
    MethodSource method = null;
    TestIdentifier holder = test;
    while (holder != null) {
      Optional<TestSource> source = holder.getSource();
      if (source.isPresent() && source.get() instanceof MethodSource found) {
        method = found;
        break;
      }
      if (source.isPresent() && source.get() instanceof ClassSource) {
        break;
      }
      holder = plan.getParent(holder).orElse(null);
    }
    String type = method == null ? typeOf(holder) : method.getClassName();
    made.put("type", type);
    made.put("method", method == null ? null : method.getMethodName());
    made.put("declared", method == null ? type : declaring(method));
    String name = method == null ? type : type + "." + method.getMethodName();
    made.put("name", isPart(test, holder) ? name + "[" + test.getDisplayName() + "]" : name);
    return made;
  }

  /** Whether a test is one of several of a method. */
  private static boolean isPart(TestIdentifier test, TestIdentifier holder) {
    return holder != test || test.getUniqueId().contains("-invocation:");
  }

  private static String typeOf(TestIdentifier holder) {
    if (holder != null && holder.getSource().orElse(null) instanceof ClassSource source) {
      return source.getClassName();
    }
    return holder == null ? "" : holder.getDisplayName();
  }

  private static String declaring(MethodSource method) {
    try {
      return method.getJavaMethod().getDeclaringClass().getName();
    } catch (RuntimeException | LinkageError unknown) {
      return method.getClassName();
    }
  }
}
