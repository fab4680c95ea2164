import com.google.gson.Gson;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.io.PrintStream;
import java.util.*;
import org.apache.commons.lang.StringEscapeUtils;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/** Renders mapping templates with Apache Velocity 1.7, as API Gateway does: a JSON object per line in, one out. */
public class Oracle {
    static final Gson GSON = new Gson();

    public static class Util {
        public String escapeJavaScript(String text) { return StringEscapeUtils.escapeJavaScript(text); }
    }

    public static class Input {
        private final Object body;
        private final Map<String, Map<String, String>> params;

        Input(Object body, Map<String, Map<String, String>> params) { this.body = body; this.params = params; }

        public Object path(String path) {
            Object value = body;
            for (String name : path.substring(1).split("\\.")) {
                if (!name.isEmpty()) value = value instanceof Map ? ((Map<?, ?>) value).get(name) : null;
            }
            return value;
        }

        public Map<String, Map<String, String>> params() { return params; }

        public String params(String name) {
            for (String place : List.of("path", "querystring", "header")) {
                String value = params.getOrDefault(place, Map.of()).get(name);
                if (value != null) return value;
            }
            return "";
        }
    }

    @SuppressWarnings("unchecked")
    public static void main(String[] arguments) throws Exception {
        VelocityEngine engine = new VelocityEngine();
        engine.setProperty("runtime.log.logsystem.class", "org.apache.velocity.runtime.log.NullLogChute");
        engine.init();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            Map<String, Object> job = GSON.fromJson(line, Map.class);
            Map<String, Object> context = (Map<String, Object>) job.get("context");
            Map<String, Object> override = new HashMap<>(Map.of("header", new HashMap<String, Object>()));
            context.put("responseOverride", override);
            VelocityContext velocity = new VelocityContext();
            velocity.put("input", new Input(job.get("body"), (Map<String, Map<String, String>>) job.get("params")));
            velocity.put("util", new Util());
            velocity.put("context", context);
            velocity.put("stageVariables", job.get("stage_variables"));
            StringWriter text = new StringWriter();
            engine.evaluate(velocity, text, "template", (String) job.get("template"));
            out.println(GSON.toJson(Map.of("text", text.toString(), "override", override)));
        }
    }
}
