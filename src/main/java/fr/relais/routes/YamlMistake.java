package fr.relais.routes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import fr.relais.failure.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.model.RouteDefinition;

/** The explanation of an error that Camel's YAML reader reports, with the nearest valid name. */
final class YamlMistake {

    /** Camel's messages about a name that its schema does not know. */
    private static final Pattern UNKNOWN_NAME =
            Pattern.compile("(?:Unknown node id|Unsupported field|Unknown expression with id): (\\S+)");

    /** Camel's message about an endpoint without a required option. */
    private static final Pattern MISSING_OPTION = Pattern.compile("Option (\\w+) is required .* with syntax (\\w+)");

    private static final Pattern KEY = Pattern.compile("([\\w.-]+):(?:\\s.*)?");
    private static final Pattern MARK = Pattern.compile("line (\\d+), (column \\d+)");

    private YamlMistake() {}

    /** Returns the exception for a file that Camel cannot load. */
    static InvalidRouteFile in(RouteFile file, Exception failure) {
        Throwable root =
                Failures.causes(failure).reduce((cause, deeper) -> deeper).orElse(failure);
        String message = String.valueOf(root.getMessage());
        Matcher mark = MARK.matcher(message);
        boolean isMarked = mark.find();
        int line = isMarked ? Integer.parseInt(mark.group(1)) : 0;
        Matcher unknown = UNKNOWN_NAME.matcher(message);
        Matcher missing = MISSING_OPTION.matcher(message);
        if (unknown.find()) {
            return unknownName(file, line, unknown.group(1));
        } else if (missing.find()) {
            return missingOption(file, missing.group(1), missing.group(2));
        }
        return file.mistake(
                line,
                "it cannot be read: " + withoutExcerpts(message) + (isMarked ? ", at " + mark.group(2) : ""),
                "Correct the file; a YAML editor shows the place.");
    }

    private static InvalidRouteFile unknownName(RouteFile file, int line, String name) {
        return file.mistake(
                // Camel reports the line in which the value of the name, or of its parent, begins.
                file.line(Math.max(1, line - 1), name + ":"),
                "there is no \"" + name + "\" here",
                NearestName.remedy(
                        name, names(), "The YAML DSL reference of Camel lists the steps and their properties."));
    }

    private static InvalidRouteFile missingOption(RouteFile file, String name, String component) {
        List<String> keys = file.lines().stream()
                .map(line -> KEY.matcher(line.strip()))
                .filter(Matcher::matches)
                .map(key -> key.group(1))
                .distinct()
                .toList();
        String problem = "an endpoint of component " + component + " has no option " + name;
        return NearestName.of(name, keys)
                .map(near -> file.mistake(file.line(1, near + ":"), problem, "Did you mean " + name + "?"))
                .orElseGet(() -> file.mistake(0, problem, "Give it one."));
    }

    /** Returns the message as one line, without the lines that it quotes from the file. */
    private static String withoutExcerpts(String message) {
        return message.lines()
                .filter(line -> !line.startsWith(" "))
                .map(line -> line.replaceFirst("Resource is empty: .*", "it is empty"))
                .collect(Collectors.joining(", "));
    }

    /** Returns the names of all steps, properties and expressions, from the schema that Camel ships. */
    private static Set<String> names() {
        try (InputStream schema = RouteDefinition.class.getResourceAsStream("/schema/camelYamlDsl-canonical.json")) {
            Set<String> names = new TreeSet<>();
            if (schema != null) {
                for (JsonNode properties : new ObjectMapper().readTree(schema).findValues("properties")) {
                    properties.fieldNames().forEachRemaining(names::add);
                }
            }
            return names;
        } catch (IOException e) {
            return Set.of();
        }
    }
}
