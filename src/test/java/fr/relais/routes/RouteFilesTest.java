package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.ValidationMessage;
import fr.relais.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.spi.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteFilesTest {

    private static final JsonSchema CLASSIC = schema("schema/camelYamlDsl.json");
    private static final JsonSchema CANONICAL = schema("schema/camelYamlDsl-canonical.json");

    private static final String ROUTE = """
            - route:
                id: transform-offer
                description: Mine
                from:
                  uri: direct:transform-offer
                  steps:
                    - log:
                        message: Mine
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("packed")
    void followTheSchema(Resource file) throws Exception {
        assertThat(complaints(CLASSIC, yaml(file))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("packed")
    void areInCanonicalNotation(Resource file) throws Exception {
        assertThat(complaints(CANONICAL, yaml(file))).isEmpty();
        assertThat(lint(yaml(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to: direct:sweep",
                "to: {uri: 'sql:select 1?dataSource=#d'}",
                "log: hello",
                "setBody: {simple: '${null}'}",
                "setBody: {simple: {expression: '${null}'}}",
                "setBody: {expression: {simple: '${null}'}}",
                "setBody: {constant: x}",
                "filter: {simple: '${body}', steps: []}",
                "bean: answers",
                "removeHeaders: '*'"
            })
    void wouldNotBeInCanonicalNotationWith(String step) throws Exception {
        JsonNode file =
                new YAMLMapper().readTree(ROUTE.replaceAll("log:\\s+message: Mine", Matcher.quoteReplacement(step)));

        assertThat(complaints(CLASSIC, file)).isEmpty();
        assertThat(Stream.concat(complaints(CANONICAL, file).stream(), lint(file).stream()))
                .isNotEmpty();
    }

    @Test
    void haveRoutesWithADescriptionAndAnIdThatIsTheirNameForOthers() {
        Set<String> ids = new HashSet<>();
        for (JsonNode item : packed().flatMap(file -> yaml(file).valueStream()).toList()) {
            JsonNode route = item.elements().next();
            String id = route.path("id").asText();
            String uri = route.at("/from/uri").asText();

            assertThat(id).as("id of %s", uri).matches("[a-z]+(-[a-z]+)*");
            assertThat(ids.add(id)).as("%s is unique", id).isTrue();
            assertThat(route.path("description").asText())
                    .as("description of %s", id)
                    .isNotBlank();
            if (uri.startsWith("direct:")) {
                assertThat(uri).isEqualTo("direct:" + id);
            }
        }
        assertThat(ids).contains("sweep", "read-slice", "call-source", "transform-offer");
    }

    @Test
    void callOnlyRoutesThatExistAndUseOnlySettingsThatExist() throws Exception {
        Set<String> ids = new HashSet<>();
        StringBuilder all = new StringBuilder();
        for (Resource file : RouteFiles.find("")) {
            yaml(file).findValuesAsText("id").forEach(ids::add);
            all.append(new String(file.getInputStream().readAllBytes(), UTF_8));
        }

        assertThat(found("uri: \"?direct:([^\\s\"?]+)", all)).isNotEmpty().isSubsetOf(ids);
        assertThat(found("\\{\\{([^}]+)}}", all)).isNotEmpty().isSubsetOf(Settings.names());
    }

    @Test
    void areFoundInTheOrderOfTheirNames() {
        assertThat(RouteFiles.find(""))
                .extracting(Resource::getLocation)
                .isSorted()
                .allMatch(location -> location.matches("classpath:fr/relais/routes/\\d0?5?-[a-z]+\\.camel\\.yaml"));
    }

    @Test
    void areReplacedByFilesOfTheSameNameInTheFolderWhichMayAddOthers() throws Exception {
        write("35-hooks.camel.yaml", ROUTE);
        write("36-mine.camel.yaml", ROUTE.replace("transform-offer", "mine"));
        write("notes.txt", "not a route file");
        List<String> packed = locations("");

        assertThat(locations(folder.toString()))
                .hasSize(packed.size() + 1)
                .contains(
                        "file:" + folder.resolve("35-hooks.camel.yaml"), "file:" + folder.resolve("36-mine.camel.yaml"))
                .doesNotContain("classpath:fr/relais/routes/35-hooks.camel.yaml")
                .containsAll(packed.stream()
                        .filter(location -> !location.contains("35-hooks"))
                        .toList());

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            RouteFiles.load(camel, folder.toString());

            assertThat(camel.getRouteDefinition("transform-offer").getDescriptionText())
                    .isEqualTo("Mine");
            assertThat(camel.getRouteDefinitions())
                    .extracting(RouteDefinition::getId)
                    .contains("mine", "sweep")
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void aYamlFileThatWouldBeIgnoredIsRefused(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("35-transform.yaml"), "[]");

        assertThatThrownBy(() -> RouteFiles.find(folder.toString()))
                .hasMessageContaining("35-transform.yaml would be ignored");
    }

    @Test
    void failWhenTheyWantAConfigurationThatIsNone() throws Exception {
        write("35-hooks.camel.yaml", ROUTE.replace("    from:", "    routeConfigurationId: told-by-nobody\n    from:"));

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            assertThatThrownBy(() -> RouteFiles.load(camel, folder.toString()))
                    .hasMessageStartingWith("Route file file:" + folder.resolve("35-hooks.camel.yaml"))
                    .hasMessageContainingAll("transform-offer", "told-by-nobody", "rethrow");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'steps:', 'stepz:', 7",
        "'- log:', '- lug:', 7",
        "'message: Mine', 'massage: Mine', 8",
        "'uri: direct', 'uri: [direct', 5",
        "'  id:', '\tid:', 2",
        "'id: transform-offer', 'id: {', 4"
    })
    void failWithFileLineAndColumnWhenTheyAreBroken(String right, String wrong, int line) throws Exception {
        write("35-hooks.camel.yaml", ROUTE.replace(right, wrong));

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            assertThatThrownBy(() -> RouteFiles.load(camel, folder.toString()))
                    .isInstanceOf(RouteFiles.Broken.class)
                    .hasMessageStartingWith("Route file file:" + folder.resolve("35-hooks.camel.yaml"))
                    .hasMessageContaining("line " + line + ",")
                    .hasMessageMatching(".*column \\d+.*");
        }
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    static Stream<Resource> packed() {
        return RouteFiles.find("").stream();
    }

    private static List<String> locations(String folder) {
        return RouteFiles.find(folder).stream().map(Resource::getLocation).toList();
    }

    private static JsonNode yaml(Resource file) {
        try (InputStream content = file.getInputStream()) {
            return new YAMLMapper().readTree(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static JsonSchema schema(String name) {
        JsonMetaSchema draft4 = JsonMetaSchema.builder(JsonMetaSchema.getV4())
                .keyword(new NonValidationKeyword("deprecated"))
                .build();
        return JsonSchemaFactory.builder()
                .defaultMetaSchemaIri(draft4.getIri())
                .metaSchema(draft4)
                .build()
                .getSchema(
                        RouteFilesTest.class.getClassLoader().getResourceAsStream(name),
                        SchemaValidatorsConfig.builder()
                                .preloadJsonSchema(false)
                                .build());
    }

    /** A placeholder may stand for whatever type the schema wants. */
    private static List<ValidationMessage> complaints(JsonSchema schema, JsonNode file) {
        return schema.validate(file).stream()
                .filter(message -> !message.getType().equals("type")
                        || !message.getInstanceNode().asText().matches("\\{\\{[^{}]+}}"))
                // The canonical schema of Camel 4.22 requires every data format at once.
                .filter(message -> !message.getType().equals("required")
                        || !message.getInstanceLocation().toString().matches(".*/(un)?marshal"))
                .toList();
    }

    private static Set<String> found(String pattern, CharSequence text) {
        Set<String> found = new HashSet<>();
        Pattern.compile(pattern).matcher(text).results().forEach(match -> found.add(match.group(1)));
        return found;
    }

    /** What the canonical schema lets pass. */
    private static List<String> lint(JsonNode node) {
        List<String> complaints = new ArrayList<>();
        node.findValues("uri").stream()
                .filter(uri -> uri.asText().contains("?"))
                .forEach(uri -> complaints.add("options belong under parameters: " + uri));
        for (String step : List.of("to", "toD", "from", "wireTap")) {
            node.findValues(step).stream()
                    .filter(endpoint -> !endpoint.has("uri"))
                    .forEach(endpoint -> complaints.add(step + " has no uri: " + endpoint));
        }
        node.findValues("log").stream()
                .filter(log -> !log.has("message"))
                .forEach(log -> complaints.add("log has no message: " + log));
        return complaints;
    }
}
