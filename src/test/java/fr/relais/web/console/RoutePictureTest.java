package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fr.relais.routes.RouteFiles;
import fr.relais.settings.EndpointAddress;
import fr.relais.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.RouteDefinition;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;

class RoutePictureTest {

    @Test
    void blocks_enclose_their_steps_and_calls_of_routes_are_links() throws Exception {
        List<RouteStep> steps = steps(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a")
                        .bean("relaisThing", "toString")
                        .choice()
                        .when(simple("${body} < 1"))
                        .to("direct:b")
                        .otherwise()
                        .to("direct:unknown")
                        .end()
                        .doTry()
                        .split(simple("${body.items}"))
                        .to("direct:b")
                        .end()
                        .endDoTry()
                        .doCatch(java.io.IOException.class, IllegalStateException.class)
                        .log("it failed")
                        .doFinally()
                        .setVariable("x", simple("${null}"))
                        .end();
            }
        });

        assertThat(steps).extracting(RouteStep::label).containsExactly("relaisThing.toString", "choice", "try");
        assertThat(steps.get(1).steps()).extracting(RouteStep::label).containsExactly("when ${body} < 1", "otherwise");
        assertThat(steps.get(1).steps().get(0).steps().get(0))
                .isEqualTo(new RouteStep("direct:b", "b", false, List.of()));
        assertThat(steps.get(1).steps().get(1).steps().get(0).called()).isNull();
        assertThat(steps.get(2).steps())
                .extracting(RouteStep::label)
                .containsExactly(
                        "for each of ${body.items}",
                        "catch java.io.IOException, java.lang.IllegalStateException",
                        "finally");

        Document picture = Jsoup.parse(RoutePicture.of("direct:a", steps, "a <picture>"), Parser.xmlParser());
        assertThat(picture.select("a").eachAttr("href")).containsExactly("/console/routes/b", "/console/routes/b");
        assertThat(picture.selectFirst("svg").attr("aria-label")).isEqualTo("a <picture>");
        assertThat(picture.select("text").eachText()).contains("when ${body} < 1", "log INFO: it failed");
        assertThat(picture.select("rect.route-box")).hasSize(7);
    }

    @Test
    void every_step_of_the_packed_routes_is_in_the_picture() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Properties settings = new Properties();
            Settings.names().forEach(name -> settings.setProperty(name, ""));
            camel.getPropertiesComponent().setOverrideProperties(settings);
            RouteFiles.load(camel, "");
            try (Stream<Path> files = Files.list(Path.of("routes"))) {
                for (Path file : files.toList()) {
                    for (JsonNode route :
                            new YAMLMapper().readTree(file.toFile()).findValues("route")) {
                        assertComplete(
                                route, camel.getRouteDefinition(route.get("id").asText()));
                    }
                }
            }
        }
    }

    private static void assertComplete(JsonNode route, RouteDefinition definition) {
        JsonNode steps = route.at("/from/steps");
        List<String> labels = labels(RouteStep.of(definition, Set.of())).toList();

        assertThat(labels).as(route.get("id").asText()).hasSize(count(route.get("from")));
        String all = String.join("\n", labels);
        for (String field : List.of("id", "uri", "ref", "name", "message")) {
            assertThat(steps.findValuesAsText(field))
                    .as("%s in %s", field, route.get("id"))
                    .allMatch(text -> all.contains(text) || all.contains(EndpointAddress.withoutSecrets(text)));
        }
        for (JsonNode exceptions : steps.findValues("exception")) {
            exceptions.forEach(exception -> assertThat(labels)
                    .anyMatch(label -> label.startsWith("catch ") && label.contains(exception.asText())));
        }
        assertThat(labels.stream().filter("finally"::equals))
                .hasSize(steps.findValues("doFinally").size());
    }

    /** Returns the number of steps, branches and clauses. */
    private static int count(JsonNode node) {
        int count = node.has("otherwise") ? 1 : 0;
        count += node.has("doFinally") ? 1 : 0;
        for (String list : List.of("steps", "when", "doCatch")) {
            count += node.path(list).size();
        }
        for (JsonNode child : node) {
            count += count(child);
        }
        return count;
    }

    private static Stream<String> labels(List<RouteStep> steps) {
        return steps.stream().flatMap(step -> Stream.concat(Stream.of(step.label()), labels(step.steps())));
    }

    @Test
    void settings_are_not_resolved_and_addresses_have_no_secret() throws Exception {
        List<RouteStep> steps = steps(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a")
                        .to("{{secret.uri}}")
                        .to("https://user:word@localhost/path?password=word&token={{secret.token}}")
                        .toD("mock:${body}?password=word")
                        .enrich()
                        .constant("https://user:word@host/path?token=word")
                        .recipientList(simple("${variable.receivers}"))
                        .setHeader("Authorization", constant("Basic word"))
                        .setHeader("X-Key", simple("word${body}"))
                        .setHeader("X-Id", simple("${body}"))
                        .setHeader("Content-Type", constant("text/csv"));
            }
        });

        assertThat(steps)
                .extracting(RouteStep::label)
                .containsExactly(
                        "{{secret.uri}}",
                        "https://localhost",
                        "mock:${body}",
                        "enrich https://host",
                        "recipientList ${variable.receivers}",
                        "header Authorization = …",
                        "header X-Key = …",
                        "header X-Id = ${body}",
                        "header Content-Type = text/csv");
    }

    @Test
    void a_long_label_is_cut_but_its_title_is_whole() {
        String label = "x".repeat(200);

        Document picture = Jsoup.parse(
                RoutePicture.of("direct:a", List.of(new RouteStep(label, null, false, List.of())), "title"),
                Parser.xmlParser());

        assertThat(picture.select("title").text()).isEqualTo(label);
        assertThat(picture.select("text").last().ownText()).endsWith("…").hasSizeLessThan(110);
    }

    private static List<RouteStep> steps(RouteBuilder routes) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.getPropertiesComponent().addInitialProperty("secret.uri", "mock:hidden");
            camel.getPropertiesComponent().addInitialProperty("secret.token", "hidden");
            camel.getRegistry().bind("relaisThing", new Object());
            camel.addRoutes(routes);
            camel.start();
            return RouteStep.of(camel.getRouteDefinitions().get(0), Set.of("b"));
        }
    }
}
