package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
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
                .containsExactly("for each of ${body.items}", "catch IOException, IllegalStateException", "finally");

        Document picture = Jsoup.parse(RoutePicture.of("direct:a", steps, "a <picture>"), Parser.xmlParser());
        assertThat(picture.select("a").eachAttr("href")).containsExactly("/console/routes/b", "/console/routes/b");
        assertThat(picture.selectFirst("svg").attr("aria-label")).isEqualTo("a <picture>");
        assertThat(picture.select("text").eachText()).contains("when ${body} < 1", "log INFO: it failed");
        assertThat(picture.select("rect.route-box")).hasSize(7);
    }

    @Test
    void settings_are_not_resolved_and_addresses_have_no_secret() throws Exception {
        List<RouteStep> steps = steps(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:a")
                        .to("{{secret.uri}}")
                        .to("mock://user:word@host/path?password=word&token={{secret.token}}")
                        .toD("mock:${body}?password=word");
            }
        });

        assertThat(steps)
                .extracting(RouteStep::label)
                .containsExactly("{{secret.uri}}", "mock://host/path", "mock:${body}");
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
