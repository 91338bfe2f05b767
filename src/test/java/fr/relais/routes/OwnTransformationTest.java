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

    private static final Method.Route HOOK = new Method.Route("transform-offer", "Le métier est ajouté.");

    private static final String TRANSFORM = """
            - route:
                id: transform-offer
                description: Le métier est ajouté.
                from:
                  uri: direct:transform-offer
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
    void is_none_with_the_packed_hook() throws Exception {
        write("90-mine", MINE.formatted("Mine"));

        OwnTransformation transformation = transformation();

        assertThat(transformation.isTransforming()).isFalse();
        assertThat(transformation.routes()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"20-mine", "35-hooks", "36-mine"})
    void is_the_hook_of_a_file_of_any_name(String file) throws Exception {
        write(file, TRANSFORM.formatted("- stop: {}"));

        OwnTransformation transformation = transformation();

        assertThat(transformation.isTransforming()).isTrue();
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
                "- choice: {when: [], otherwise: {steps: [{split: {expression: {constant: {expression: a}}, steps: [{to: direct:mine}]}}]}}",
                "- doTry: {steps: [], doCatch: [{exception: [java.lang.Exception], steps: [{to: direct:mine}]}]}"
            })
    void has_the_routes_that_the_hook_reaches(String call) throws Exception {
        write("36-hook", TRANSFORM.formatted(call));
        write("37-mine", MINE.formatted("Et la ville."));

        assertThat(transformation().routes()).containsExactly(HOOK, new Method.Route("mine", "Et la ville."));
    }

    @Test
    void ends_where_routes_call_each_other() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:mine"));
        write("37-mine", MINE.formatted("Et la ville.").replace("stop: {}", "to: direct:transform-offer"));

        assertThat(transformation().routes()).hasSize(2);
    }

    @Test
    void is_none_when_a_copy_of_the_packed_hook_is_in_a_file_for_another() throws Exception {
        write(
                "35-hooks",
                new String(RouteFiles.find("").stream()
                                .filter(file -> file.name().equals("35-hooks.camel.yaml"))
                                .findFirst()
                                .orElseThrow()
                                .content())
                        + MINE.formatted("Mine"));

        assertThat(transformation().isTransforming()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"''", "' '", "Yours. Called for"})
    void has_to_be_described(String description) throws Exception {
        String packed = packedDescription();
        write("36-hook", TRANSFORM.formatted("- to: direct:mine"));
        write(
                "37-mine",
                MINE.formatted(
                        description.startsWith("Yours") ? '"' + packed.replace("\"", "\\\"") + '"' : description));

        assertThatThrownBy(() -> transformation().require())
                .isInstanceOf(InvalidRouteFile.class)
                .hasMessageContainingAll(folder.resolve("37-mine.camel.yaml") + ":5", "mine does not say what it does");
    }

    @Test
    void is_not_a_matter_of_the_host_or_of_routes_that_no_offer_passes() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:host"));
        write("37-mine", MINE.formatted("''"));

        OwnTransformation transformation = transformation();

        assertThat(transformation.routes()).containsExactly(HOOK);
        assertThatCode(transformation::require).doesNotThrowAnyException();
    }

    private String packedDescription() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            load(camel);
            return camel.getRouteDefinition("transform-offer").getDescriptionText();
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
    void counts_only_the_files_that_are_not_packed() throws Exception {
        write("36-hook", TRANSFORM.formatted("- to: direct:log-alert"));

        assertThat(transformation().routes()).isEqualTo(List.of(HOOK));
    }
}
