package cupel;

/** The class that changed files share. Which of its words are said is decided when tests are started. */
final class Helper {
  private Helper() {}

  /** What is written in capitals is drawn. */
  private static final String TEMPLATE =
      """
      package PACKAGE;

      public final class TYPE {
        private static final String SAID = String.valueOf(System.getenv("VARIABLE"));

        private TYPE() {}

        public static boolean HAS(String word) {
          return SAID.contains(word);
        }

        public static void FAIL(String word, int way) {
          if (!HAS(word) && !HAS("ALL")) {
            return;
          }
          if (HAS("ALL") && way == 1) {
            throw new IllegalStateException("MESSAGE");
          }
          if (HAS("ALL") && way == 2) {
            throw new LinkageError("MESSAGE");
          }
          throw new AssertionError("MESSAGE");
        }

        public static RuntimeException RAISE() {
          return new UnsupportedOperationException("MESSAGE");
        }
      }
      """;

  static String has(Prepare prepare) {
    return prepare.helper + "." + prepare.words.word("has");
  }

  static String fail(Prepare prepare) {
    return prepare.helper + "." + prepare.words.word("fail");
  }

  static String raise(Prepare prepare) {
    return prepare.helper + "." + prepare.words.word("raise");
  }

  static String text(Prepare prepare) {
    Words words = prepare.words;
    return TEMPLATE
        .replace("PACKAGE", prepare.helperPackage)
        .replace("VARIABLE", prepare.variable)
        .replace("MESSAGE", words.word("message"))
        .replace("TYPE", prepare.helper.substring(prepare.helper.indexOf('.') + 1))
        .replace("SAID", words.word("said"))
        .replace("HAS", words.word("has"))
        .replace("FAIL", words.word("fail"))
        .replace("RAISE", words.word("raise"))
        .replace("\"ALL\"", "\"" + prepare.all + "\"");
  }
}
