// Times Saxon-HE on queries: java -cp Saxon-HE.jar Saxon.java SECONDS (NAME QUERY_FILE DOCUMENT_FILE)…
// Prints NAME, the boolean or the number of characters that the query gives, and microseconds to compile and for one
// warm evaluation.
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.XQueryCompiler;
import net.sf.saxon.s9api.XQueryEvaluator;
import net.sf.saxon.s9api.XdmItem;
import net.sf.saxon.s9api.XdmNode;

class Saxon {
    public static void main(String[] arguments) throws Exception {
        final double seconds = Double.parseDouble(arguments[0]);
        final Processor processor = new Processor(false);
        final XQueryCompiler compiler = processor.newXQueryCompiler();
        for (int i = 1; i + 2 < arguments.length; i += 3) {
            final String query = Files.readString(Path.of(arguments[i + 1]));
            final String document = Files.readString(Path.of(arguments[i + 2]));
            final XdmNode event = processor.newDocumentBuilder().build(new StreamSource(new StringReader(document)));
            final XQueryEvaluator evaluator = compiler.compile(query).load();
            evaluator.setContextItem(event);
            final String answer = answer(evaluator.evaluateSingle());
            final double compile = time(seconds, () -> compiler.compile(query) != null);
            final double evaluate = time(seconds, () -> evaluator.evaluateSingle() != null);
            System.out.printf("%s %s %.3f %.3f%n", arguments[i], answer, compile, evaluate);
        }
    }

    static String answer(XdmItem item) {
        return item.isAtomicValue() ? item.getStringValue() : "" + item.getStringValue().codePoints().count();
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
