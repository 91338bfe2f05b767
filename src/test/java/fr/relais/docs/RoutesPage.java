package fr.relais.docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Makes the page with a picture of all routes, and of the steps in each route file, in the language of Mermaid. */
final class RoutesPage {

    private final Map<String, List<JsonNode>> routes = new LinkedHashMap<>();
    private final Properties settings = new Properties();

    private RoutesPage() {}

    static String of(Path folder) throws IOException {
        RoutesPage page = new RoutesPage();
        try (var defaults = RoutesPage.class.getResourceAsStream("/fr/relais/relais.properties")) {
            page.settings.load(defaults);
        }
        try (Stream<Path> files = Files.list(folder).sorted()) {
            for (Path file : files.toList()) {
                JsonNode items = new YAMLMapper().readTree(file.toFile());
                List<JsonNode> found = items.findValues("route");
                if (!found.isEmpty()) {
                    page.routes.put(file.getFileName().toString().replace(".camel.yaml", ""), found);
                }
            }
        }
        return page.write();
    }

    private String write() {
        StringBuilder page = new StringBuilder("""
                # The routes

                <!-- Generated from routes/ by ReferenceTest. -->

                Rounded: a trigger. An arrow: a route calls another one. Settings have their defaults. The file
                `00-errors` has no routes.

                """);
        page.append("```mermaid\n").append(overview()).append("```\n");
        routes.forEach((file, members) -> {
            page.append("\n## ").append(file).append("\n\n");
            for (JsonNode route : members) {
                page.append("```mermaid\n").append(RouteDiagram.of(route)).append("```\n\n");
            }
            page.setLength(page.length() - 1);
        });
        return page.toString();
    }

    private String overview() {
        StringBuilder diagram = new StringBuilder("flowchart LR\n");
        List<String> calls = new ArrayList<>();
        routes.forEach((file, members) -> {
            diagram.append("  subgraph file-%1$s[\"%1$s\"]\n".formatted(file));
            for (JsonNode route : members) {
                String id = route.path("id").asText();
                boolean isTrigger = !route.at("/from/uri").asText().startsWith("direct:");
                diagram.append("    ")
                        .append(id)
                        .append(isTrigger ? "([" + id + "])" : "")
                        .append("\n");
                new TreeSet<>(called(route)).forEach(target -> calls.add("  " + id + " --> " + target + "\n"));
            }
            diagram.append("  end\n");
        });
        calls.forEach(diagram::append);
        return diagram.toString();
    }

    private List<String> called(JsonNode route) {
        return route.at("/from/steps").findValuesAsText("uri").stream()
                .map(uri ->
                        uri.matches("\\{\\{.*}}") ? settings.getProperty(uri.substring(2, uri.length() - 2), "") : uri)
                .filter(uri -> uri.startsWith("direct:"))
                .map(uri -> uri.substring("direct:".length()))
                .toList();
    }
}
