// Times BaseX on queries: java -cp basex.jar BaseX.java SECONDS (NAME QUERY_FILE DOCUMENT_FILE)…
// Prints NAME, the effective boolean value, and microseconds to compile and for one warm evaluation to it.
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.basex.core.Context;
import org.basex.io.IOContent;
import org.basex.query.QueryProcessor;
import org.basex.query.value.item.Bln;
import org.basex.query.value.node.DBNode;

class BaseX {
    public static void main(String[] arguments) throws Exception {
        final double seconds = Double.parseDouble(arguments[0]);
        final Context context = new Context();
        for (int i = 1; i + 2 < arguments.length; i += 3) {
            final String text = Files.readString(Path.of(arguments[i + 1]));
            final int prolog = text.indexOf(';') + 1;
            final String query = text.substring(0, prolog) + "boolean(" + text.substring(prolog) + ")";
            final DBNode event = new DBNode(new IOContent(Files.readAllBytes(Path.of(arguments[i + 2]))));
            try (QueryProcessor processor = new QueryProcessor(query, context)) {
                processor.context(event);
                final boolean answer = truth(processor);
                final double compile = time(seconds, () -> compiles(query, context));
                final double evaluate = time(seconds, () -> truth(processor));
                System.out.printf("%s %b %.3f %.3f%n", arguments[i], answer, compile, evaluate);
            }
        }
    }

    static boolean truth(QueryProcessor processor) throws Exception {
        return ((Bln) processor.value()).bool(null);
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

    // Half of the time warms up; then the median of ten parts.
    static double time(double seconds, Work work) throws Exception {
        long count = 0;
        for (final long end = System.nanoTime() + (long) (seconds * 5e8); System.nanoTime() < end; ++count) work.run();
        final long part = Math.max(1, count / 10);
        final double[] parts = new double[10];
        for (int p = 0; p < parts.length; ++p) {
            final long begin = processorTime();
            for (long i = 0; i < part; ++i) work.run();
            parts[p] = (processorTime() - begin) / 1e3 / part;
        }
        java.util.Arrays.sort(parts);
        return parts[5];
    }
}
