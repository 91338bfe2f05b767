package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fr.relais.changelog.Method;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnTransformationTest {

    private static final Method.Route HOOK = new Method.Route("relais-transform-offer", "Le métier est ajouté.");

    private static final String TRANSFORM = """
            - route:
                id: relais-transform-offer
                description: Le métier est ajouté.
                from:
                  uri: direct:relais-transform-offer
                  steps:
                    %s
            """;

    private static final String MINE = """
            - route:
                id: mine
                description: %s
                from:
                  uri: direct:mine
                  steps:
                    - stop: {}
            """;

    @TempDir
    private Path folder;

    @Test
    void the_packed_hook_is_no_transformation() throws Exception {
        write("90-mine", MINE.formatted("Mine"));

        assertThat(transformation().routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20-mine", "35-hooks", "36-mine"})
    void a_hook_in_a_file_of_any_name_is_a_transformation(String file) throws Exception {
        write(file, TRANSFORM.formatted("- stop: {}"));

        OwnTransformation transformation = transformation();

        assertThat(transformation.routes()).containsExactly(HOOK);
        assertThatCode(transformation::require).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "- to: {uri: direct:mine}",
                "- to: direct:mine",
                "- to: '{{setting}}'",
                "- toD: direct:mine",
                "- wireTap: {uri: direct:mine}",
                "- enrich: {expression: {constant: {expression: direct:mine}}}",
                "- choice: {when: [{expression: {constant: {expression: 'true'}}, steps: [{to: direct:mine}]}]}",
                "- choice: {when: [], otherwise: {steps: [{split: {expression: {constant: {expression: a}},"
                        + " steps: [{to: direct:mine}]}}]}}",
                "- doTry: {steps: [], doCatch: [{exception: [java.lang.Exception], steps: [{to: direct:mine}]}]}"
            })
    void the_transformation_includes_the_routes_that_the_hook_reaches(String call) throws Exception {
        write("36-hook", TRANSFORM.formatted(call));
        write("37-mine", MINE.formatted("Et la ville."));

        assertThat(transformation().routes()).containsExactly(HOOK, new Method.Route("mine", "Et la ville."));
    }

    @Test
    void routes_that_call_each_other_are_listed_once() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:mine"));
        write("37-mine", MINE.formatted("Et la ville.").replace("stop: {}", "to: direct:relais-transform-offer"));

        assertThat(transformation().routes()).hasSize(2);
    }

    @Test
    void a_copy_of_the_packed_hook_is_no_transformation() throws Exception {
        write(
                "35-hooks",
                new String(RouteFiles.find("").stream()
                                .filter(file -> file.name().equals("35-hooks.camel.yaml"))
                                .findFirst()
                                .orElseThrow()
                                .content())
                        + MINE.formatted("Mine"));

        assertThat(transformation().routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "' '", "as packed"})
    void a_transformation_without_a_description_of_its_own_is_rejected(String description) throws Exception {
        String packed = packedDescription();
        write("36-hook", TRANSFORM.formatted("- to: direct:mine"));
        write(
                "37-mine",
                MINE.formatted(
                        description.equals("as packed") ? '"' + packed.replace("\"", "\\\"") + '"' : description));

        assertThatThrownBy(() -> transformation().require())
                .isInstanceOf(InvalidRouteFile.class)
                .hasMessageContainingAll(folder.resolve("37-mine.camel.yaml") + ":5", "mine does not say what it does");
    }

    @Test
    void routes_of_the_host_and_routes_that_no_offer_reaches_need_no_description() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:host"));
        write("37-mine", MINE.formatted("''"));

        OwnTransformation transformation = transformation();

        assertThat(transformation.routes()).containsExactly(HOOK);
        assertThatCode(transformation::require).doesNotThrowAnyException();
    }

    private String packedDescription() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            load(camel);
            return camel.getRouteDefinition("relais-transform-offer").getDescriptionText();
        }
    }

    private OwnTransformation transformation() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:host").marshal().base64().to("file:host");
                }
            });
            return load(camel).transformation();
        }
    }

    private RouteFiles load(DefaultCamelContext camel) {
        Properties settings = new Properties();
        settings.putAll(Map.of("setting", "direct:mine"));
        fr.relais.settings.Settings.names().forEach(name -> settings.setProperty(name, ""));
        camel.getPropertiesComponent().setOverrideProperties(settings);
        return RouteFiles.load(camel, folder.toString());
    }

    private void write(String name, String content) throws IOException {
        Files.writeString(folder.resolve(name + ".camel.yaml"), content);
    }

    @Test
    void packed_routes_are_not_part_of_the_transformation() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:relais-log-alert"));

        assertThat(transformation().routes()).isEqualTo(List.of(HOOK));
    }
}
