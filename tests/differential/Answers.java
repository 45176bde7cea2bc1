// The same as answers.cpp, by Saxon-HE: java -cp Saxon-HE.jar Answers.java
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import javax.xml.transform.stream.StreamSource;
import net.sf.saxon.s9api.Processor;
import net.sf.saxon.s9api.SaxonApiException;
import net.sf.saxon.s9api.Serializer;
import net.sf.saxon.s9api.XQueryCompiler;
import net.sf.saxon.s9api.XQueryEvaluator;

class Answers {
    public static void main(String[] arguments) throws Exception {
        final Processor processor = new Processor(false);
        final BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        final StringBuilder out = new StringBuilder();
        for (String line; (line = in.readLine()) != null;) {
            final String[] parts = line.split(" ");
            out.append(answer(processor, decoded(parts[0]), decoded(parts[1]))).append('\n');
        }
        System.out.print(out);
    }

    static byte[] decoded(String text) {
        return Base64.getDecoder().decode(text);
    }

    static String answer(Processor processor, byte[] event, byte[] query) throws Exception {
        final XQueryCompiler compiler = processor.newXQueryCompiler();
        compiler.setLanguageVersion("3.1");
        compiler.setErrorListener(new Silent());
        try {
            final XQueryEvaluator evaluator = compiler.compile(new String(query, StandardCharsets.UTF_8)).load();
            evaluator.setErrorListener(new Silent());
            evaluator.setContextItem(processor.newDocumentBuilder().build(new StreamSource(new ByteArrayInputStream(event))));
            final StringWriter text = new StringWriter();
            final Serializer serializer = processor.newSerializer(text);
            serializer.setOutputProperty(Serializer.Property.METHOD, "text");
            evaluator.run(serializer);
            return "=" + Base64.getEncoder().encodeToString(text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (SaxonApiException error) {
            return "!" + (error.getErrorCode() == null ? "error" : error.getErrorCode().getLocalName());
        } catch (RuntimeException | StackOverflowError error) {
            return "!internal";
        }
    }

    @SuppressWarnings("deprecation")
    static class Silent implements javax.xml.transform.ErrorListener {
        public void warning(javax.xml.transform.TransformerException error) {}
        public void error(javax.xml.transform.TransformerException error) {}
        public void fatalError(javax.xml.transform.TransformerException error) {}
    }
}
