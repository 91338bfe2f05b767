package fr.relais.docs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** Draws the steps of one route. A step with steps of its own is a box around them. */
final class RouteDiagram {

    private static final int LONGEST_LABEL = 70;

    private final StringBuilder diagram = new StringBuilder("flowchart LR\n");
    private int nodes;

    private RouteDiagram() {}

    static String of(JsonNode route) {
        RouteDiagram diagram = new RouteDiagram();
        String from = diagram.node("([\"%s\"])", route.path("id").asText());
        diagram.steps(route.at("/from/steps"), from);
        return diagram.diagram.toString();
    }

    /** Draws the steps as a chain. Steps that only prepare the message are left out. */
    private void steps(JsonNode steps, String previous) {
        String last = previous;
        for (JsonNode item : steps) {
            Map.Entry<String, JsonNode> step = item.properties().iterator().next();
            String drawn = step(step.getKey(), step.getValue());
            if (drawn != null && last != null) {
                diagram.append("  ").append(last).append(" --> ").append(drawn).append("\n");
            }
            last = drawn == null ? last : drawn;
        }
    }

    /** The name of the drawn node; null when the step is left out. */
    private String step(String kind, JsonNode step) {
        return switch (kind) {
            case "bean" -> node("[\"%s\"]", call(step));
            case "to", "toD" -> node("[[\"%s\"]]", target(step));
            case "log" -> node(">\"log %s\"]", step.path("loggingLevel").asText("INFO"));
            case "marshal", "unmarshal" -> node("[\"%s JSON\"]", kind);
            case "filter" -> box("if " + condition(step), step);
            case "loop" -> box("while " + condition(step), step);
            case "split" -> box("for each " + condition(step), step);
            case "multicast" -> box("side by side", step);
            case "choice" -> choice(step);
            case "doTry" -> attempt(step);
            case "setBody", "setVariable" -> set(kind, step);
            default -> null;
        };
    }

    private String set(String kind, JsonNode step) {
        JsonNode method = step.at("/expression/method");
        String variable = kind.equals("setBody") ? "body" : step.path("name").asText();
        return method.isMissingNode() ? null : node("[\"%s = %s\"]", variable, call(method));
    }

    private String choice(JsonNode step) {
        String box = begin("choose");
        step.path("when").forEach(when -> box("when " + condition(when), when));
        if (step.has("otherwise")) {
            box("otherwise", step.path("otherwise"));
        }
        return end(box);
    }

    private String attempt(JsonNode step) {
        String box = begin("try");
        String body = box("do", step);
        step.path("doCatch").forEach(clause -> {
            String type = clause.at("/exception/0").asText();
            edge(body, box("catch " + type.substring(type.lastIndexOf('.') + 1), clause));
        });
        if (step.has("doFinally")) {
            edge(body, box("finally", step.path("doFinally")));
        }
        return end(box);
    }

    private void edge(String from, String to) {
        diagram.append("  ").append(from).append(" -.-> ").append(to).append("\n");
    }

    private String box(String label, JsonNode step) {
        String box = begin(label);
        int before = nodes;
        steps(step.path("steps"), null);
        if (nodes == before) {
            node("[\"%s\"]", "prepare the message");
        }
        return end(box);
    }

    private String begin(String label) {
        String name = "n" + nodes++;
        diagram.append("  subgraph ")
                .append(name)
                .append("[\"")
                .append(text(label))
                .append("\"]\n");
        return name;
    }

    private String end(String box) {
        diagram.append("  end\n");
        return box;
    }

    private String node(String shape, Object... labels) {
        String name = "n" + nodes++;
        Object[] texts = new Object[labels.length];
        for (int i = 0; i < labels.length; i++) {
            texts[i] = text(labels[i].toString());
        }
        diagram.append("  ").append(name).append(shape.formatted(texts)).append("\n");
        return name;
    }

    private static String call(JsonNode bean) {
        return bean.path("ref").asText() + "." + bean.path("method").asText().replaceAll("\\(.*", "");
    }

    private static String target(JsonNode step) {
        return step.has("id") ? step.path("id").asText() : step.path("uri").asText();
    }

    private static String condition(JsonNode step) {
        JsonNode expression = step.path("expression").elements().next();
        return expression.has("ref")
                ? call(expression)
                : expression.path("expression").asText();
    }

    private static String text(String label) {
        String plain = label.replaceAll("\\$\\{(variable\\.)?([^}]*)}", "$2")
                .replaceAll("\\{\\{(.*?)}}", "$1")
                .replace("\"", "'");
        return plain.length() <= LONGEST_LABEL ? plain : plain.substring(0, LONGEST_LABEL - 1) + "…";
    }
}
