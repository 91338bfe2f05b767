package fr.relais.routes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonMetaSchema;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.NonValidationKeyword;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.ValidationMessage;
import fr.relais.changelog.Method;
import fr.relais.settings.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
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
                id: relais-transform-offer
                description: Mine
                from:
                  uri: direct:relais-transform-offer
                  steps:
                    - log:
                        message: Mine
            """;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("packed")
    void packed_files_follow_the_schema(RouteFile file) throws Exception {
        assertThat(violations(CLASSIC, yaml(file))).isEmpty();
    }

    @Test
    void editors_check_files_with_the_schema_of_this_camel_version() throws Exception {
        String version = CamelContext.class.getPackage().getImplementationVersion();

        assertThat(Files.readString(Path.of(".vscode", "settings.json")))
                .contains("/camel-" + version + "/", "\"*.camel.yaml\"");
    }

    @ParameterizedTest
    @MethodSource("packed")
    void packed_files_are_in_canonical_notation(RouteFile file) throws Exception {
        assertThat(violations(CANONICAL, yaml(file))).isEmpty();
        assertThat(lint(yaml(file))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "to: direct:relais-sweep",
                "to: {uri: 'sql:select 1?dataSource=#d'}",
                "log: hello",
                "setBody: {simple: '${null}'}",
                "setBody: {simple: {expression: '${null}'}}",
                "setBody: {expression: {simple: '${null}'}}",
                "setBody: {constant: x}",
                "filter: {simple: '${body}', steps: []}",
                "bean: relaisAnswers",
                "removeHeaders: '*'"
            })
    void a_shorthand_step_is_not_canonical(String step) throws Exception {
        JsonNode file =
                new YAMLMapper().readTree(ROUTE.replaceAll("log:\\s+message: Mine", Matcher.quoteReplacement(step)));

        assertThat(violations(CLASSIC, file)).isEmpty();
        assertThat(Stream.concat(violations(CANONICAL, file).stream(), lint(file).stream()))
                .isNotEmpty();
    }

    @Test
    void every_route_has_a_description_and_a_unique_id_that_equals_its_direct_name() {
        Set<String> ids = new HashSet<>();
        for (JsonNode item : packed().flatMap(file -> yaml(file).valueStream()).toList()) {
            JsonNode route = item.elements().next();
            String id = route.path("id").asText();
            String uri = route.at("/from/uri").asText();

            assertThat(id).as("id of %s", uri).matches("relais(-[a-z]+)+");
            assertThat(ids.add(id)).as("%s is unique", id).isTrue();
            assertThat(route.path("description").asText())
                    .as("description of %s", id)
                    .isNotBlank();
            if (uri.startsWith("direct:")) {
                assertThat(uri).isEqualTo("direct:" + id);
            }
        }
        assertThat(ids).contains("relais-sweep", "relais-read-slice", "relais-call-source", "relais-transform-offer");
    }

    @Test
    void packed_files_use_only_routes_and_settings_that_exist() throws Exception {
        Set<String> ids = new HashSet<>();
        StringBuilder all = new StringBuilder();
        for (RouteFile file : RouteFiles.find("")) {
            yaml(file).findParents("from").stream()
                    .filter(route -> route.at("/from/uri").asText().startsWith("direct:"))
                    .forEach(route -> ids.add(route.path("id").asText()));
            all.append(new String(file.content(), UTF_8));
        }

        assertThat(found("uri: \"?direct:([^\\s\"?]+)", all)).isNotEmpty().isSubsetOf(ids);
        assertThat(found("\\{\\{([^}]+)}}", all)).isNotEmpty().isSubsetOf(Settings.names());
    }

    @Test
    void files_are_found_in_the_order_of_their_names() {
        assertThat(RouteFiles.find(""))
                .extracting(RouteFile::location)
                .isSorted()
                .allMatch(location -> location.matches("classpath:fr/relais/routes/\\d0?5?-[a-z]+\\.camel\\.yaml"));
    }

    @Test
    void the_index_lists_exactly_the_files_in_routes() throws Exception {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            assertThat(RouteFiles.find(""))
                    .extracting(RouteFile::name)
                    .containsExactlyInAnyOrderElementsOf(
                            files.map(file -> file.getFileName().toString()).toList());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'', classpath:fr/relais/routes/index: it lists no route file",
        "10-mine.camel.yaml, classpath:fr/relais/routes/10-mine.camel.yaml: it is missing"
    })
    void an_index_that_is_empty_or_lists_a_missing_file_is_rejected(String content, String problem) throws Exception {
        Files.createDirectories(folder.resolve("fr/relais/routes"));
        write("fr/relais/routes/index", content);

        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            assertThatThrownBy(() -> RouteFiles.packed(loader))
                    .isInstanceOf(InvalidRouteFile.class)
                    .hasMessage("Route file " + problem);
        }
    }

    @Test
    void a_file_in_the_folder_replaces_the_packed_file_of_its_name_or_is_added() throws Exception {
        write("80-watch.camel.yaml", ROUTE.replace("relais-transform-offer", "relais-log-alert"));
        write("36-mine.camel.yaml", ROUTE.replace("relais-transform-offer", "mine"));
        write("notes.txt", "not a route file");

        assertThat(locations(folder.toString()))
                .hasSize(locations("").size() + 1)
                .contains(folder + "/80-watch.camel.yaml", folder + "/36-mine.camel.yaml")
                .doesNotContain("classpath:fr/relais/routes/80-watch.camel.yaml");

        try (DefaultCamelContext camel = camel()) {
            RouteFiles files = RouteFiles.load(camel, folder.toString());

            assertThat(description(camel, "relais-log-alert")).isEqualTo("Mine");
            assertThat(camel.getRouteDefinition("relais-watch")).isNull();
            assertThat(ids(camel)).contains("mine", "relais-sweep").doesNotHaveDuplicates();
            assertThat(files.described())
                    .filteredOn(file -> file.origin() != Method.Origin.PACKED)
                    .extracting(Method.RouteFile::name, Method.RouteFile::origin, Method.RouteFile::routes)
                    .containsExactly(
                            tuple("36-mine.camel.yaml", Method.Origin.ADDED, List.of(new Method.Route("mine", "Mine"))),
                            tuple(
                                    "80-watch.camel.yaml",
                                    Method.Origin.REPLACED,
                                    List.of(new Method.Route("relais-log-alert", "Mine"))));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20-mine.camel.yaml", "35-hooks.camel.yaml", "36-mine.camel.yaml"})
    void a_route_in_the_folder_replaces_one_hook_and_leaves_the_others(String name) throws Exception {
        write(name, ROUTE);

        try (DefaultCamelContext camel = camel()) {
            List<String> packed = RouteFiles.find("").stream()
                    .flatMap(file -> yaml(file).findValuesAsText("id").stream())
                    .toList();
            RouteFiles.load(camel, folder.toString());

            assertThat(description(camel, "relais-transform-offer")).isEqualTo("Mine");
            assertThat(ids(camel)).doesNotHaveDuplicates().isSubsetOf(packed).hasSize(packedRoutes());
        }
    }

    @Test
    void copies_of_packed_files_count_as_packed() throws Exception {
        for (RouteFile file : RouteFiles.find("")) {
            Files.write(folder.resolve(file.name()), file.content());
        }

        try (DefaultCamelContext one = camel();
                DefaultCamelContext other = camel()) {
            assertThat(RouteFiles.load(one, folder.toString()).described())
                    .isEqualTo(RouteFiles.load(other, "").described());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'steps:', 'stepz:', 6",
        "'- log:', '- lug:', 7",
        "'message: Mine', 'massage: Mine', 8",
        "'uri: direct', 'uri: [direct', 5",
        "'  id:', '\tid:', 2",
        "'id: relais-transform-offer', 'id: {', 2"
    })
    void a_broken_file_is_rejected_with_file_and_line(String right, String wrong, int line) throws Exception {
        write("36-mine.camel.yaml", ROUTE.replace(right, wrong));

        try (DefaultCamelContext camel = camel()) {
            assertThatThrownBy(() -> RouteFiles.load(camel, folder.toString()))
                    .isInstanceOf(InvalidRouteFile.class)
                    .hasMessageStartingWith("Route file " + folder.resolve("36-mine.camel.yaml") + ":" + line + ": ");
        }
    }

    private static DefaultCamelContext camel() {
        DefaultCamelContext camel = new DefaultCamelContext();
        Properties settings = new Properties();
        Settings.names().forEach(name -> settings.setProperty(name, ""));
        camel.getPropertiesComponent().setOverrideProperties(settings);
        return camel;
    }

    private static List<String> ids(DefaultCamelContext camel) {
        return camel.getRouteDefinitions().stream().map(RouteDefinition::getId).toList();
    }

    private static int packedRoutes() throws Exception {
        try (DefaultCamelContext camel = camel()) {
            RouteFiles.load(camel, "");
            return camel.getRouteDefinitions().size();
        }
    }

    private static String description(DefaultCamelContext camel, String route) {
        return camel.getRouteDefinition(route).getDescriptionText();
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }

    static Stream<RouteFile> packed() {
        return RouteFiles.find("").stream();
    }

    private static List<String> locations(String folder) {
        return RouteFiles.find(folder).stream().map(RouteFile::location).toList();
    }

    private static JsonNode yaml(RouteFile file) {
        try {
            return new YAMLMapper().readTree(file.content());
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

    /** Returns the violations of the schema, except for placeholders, which may stand for a value of any type. */
    private static List<ValidationMessage> violations(JsonSchema schema, JsonNode file) {
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

    /** Returns the violations of the canonical notation that its schema does not detect. */
    private static List<String> lint(JsonNode node) {
        List<String> violations = new ArrayList<>();
        node.findValues("uri").stream()
                .filter(uri -> uri.asText().contains("?"))
                .forEach(uri -> violations.add("options belong under parameters: " + uri));
        for (String step : List.of("to", "toD", "from", "wireTap")) {
            node.findValues(step).stream()
                    .filter(endpoint -> !endpoint.has("uri"))
                    .forEach(endpoint -> violations.add(step + " has no uri: " + endpoint));
        }
        node.findValues("log").stream()
                .filter(log -> !log.has("message"))
                .forEach(log -> violations.add("log has no message: " + log));
        return violations;
    }
}
