// Times BaseX on queries: java -cp basex.jar BaseX.java SECONDS (NAME QUERY_FILE DOCUMENT_FILE)…
// Prints NAME, the boolean or the number of characters that the query gives, and microseconds to compile and for one
// warm evaluation.
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.basex.core.Context;
import org.basex.io.IOContent;
import org.basex.query.QueryProcessor;
import org.basex.query.value.item.Item;
import org.basex.query.value.node.ANode;
import org.basex.query.value.node.DBNode;
import org.basex.util.Token;

class BaseX {
    public static void main(String[] arguments) throws Exception {
        final double seconds = Double.parseDouble(arguments[0]);
        final Context context = new Context();
        for (int i = 1; i + 2 < arguments.length; i += 3) {
            final String query = Files.readString(Path.of(arguments[i + 1]));
            final DBNode event = new DBNode(new IOContent(Files.readAllBytes(Path.of(arguments[i + 2]))));
            try (QueryProcessor processor = new QueryProcessor(query, context)) {
                processor.context(event);
                final String answer = answer((Item) processor.value());
                final double compile = time(seconds, () -> compiles(query, context));
                final double evaluate = time(seconds, () -> processor.value() != null);
                System.out.printf("%s %s %.3f %.3f%n", arguments[i], answer, compile, evaluate);
            }
        }
    }

    static String answer(Item item) throws Exception {
        final byte[] text = item.string(null);
        return item instanceof ANode ? "" + Token.length(text) : Token.string(text);
    }

    // Without a document, so that the query is compiled and nothing of it is answered.
    static boolean compiles(String query, Context context) throws Exception {
        try (QueryProcessor processor = new QueryProcessor(query, context)) {
            processor.compile();
            return true;
        }
    }

    interface Work {
        boolean run() throws Exception;
    }

    // Of this thread, in nanoseconds: other work on the machine does not count, nor does the compiler's own thread.
    static long processorTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    // Half of the time warms up; then the fastest of forty parts, as what else runs on the machine makes the others
    // slower. In no time there are only answers.
    static double time(double seconds, Work work) throws Exception {
        if (seconds == 0) return 0;
        long count = 0;
        for (final long end = System.nanoTime() + (long) (seconds * 5e8); System.nanoTime() < end; ++count) work.run();
        final long part = Math.max(1, count / 40);
        final double[] parts = new double[40];
        for (int p = 0; p < parts.length; ++p) {
            final long begin = processorTime();
            for (long i = 0; i < part; ++i) work.run();
            parts[p] = (processorTime() - begin) / 1e3 / part;
        }
        java.util.Arrays.sort(parts);
        return parts[0];
    }
}
