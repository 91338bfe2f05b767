package fr.relais;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.app.StartFailureAnalyzer;
import fr.relais.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * The mistakes of an integration engineer. Each stops the start with one message that says where the mistake is and
 * what the right name is.
 */
class RouteMistakesTest {

    private static final String MINE = "36-mine.camel.yaml";

    @TempDir
    private Path folder;

    /** A route file or a setting with a mistake, and the words that the message must contain. */
    private record Mistake(String name, String file, String content, Map<String, String> settings, List<String> words) {

        /** Returns a mistake in an added file. */
        static Mistake in(String name, String content, String... words) {
            return new Mistake(name, MINE, content, Map.of(), List.of(words));
        }

        /** Returns a mistake in an added route, whose first step is in line 7. */
        static Mistake step(String name, String step, String... words) {
            return in(name, """
                    - route:
                        id: mine
                        description: Elle garde une copie.
                        from:
                          uri: timer:mine
                          steps:
                    """ + step.indent(8), words);
        }

        static Mistake setting(String setting, String value, String... words) {
            List<String> all = new ArrayList<>(List.of(words));
            all.add("Setting " + setting);
            return new Mistake("setting " + setting + "=" + value, null, "", Map.of(setting, value), all);
        }

        Mistake named(String other) {
            return new Mistake(name, other, content, settings, words);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Mistake> mistakes() {
        return Stream.of(
                Mistake.step(
                        "a misspelt call",
                        "- to: direct:relais-wach",
                        MINE + ":7",
                        "direct:relais-wach",
                        "Did you mean direct:relais-watch?"),
                Mistake.step(
                        "a misspelt call inside others",
                        """
                        - doTry:
                            steps:
                              - choice:
                                  when:
                                    - expression:
                                        simple:
                                          expression: ${body} != null
                                      steps:
                                        - split:
                                            expression:
                                              simple:
                                                expression: ${body}
                                            steps:
                                              - to:
                                                  uri: direct:relais-wach
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - stop: {}
                        """,
                        MINE + ":21",
                        "direct:relais-wach",
                        "direct:relais-watch"),
                Mistake.step(
                        "a misspelt call in a catch clause",
                        """
                        - doTry:
                            steps:
                              - stop: {}
                            doCatch:
                              - exception: [java.lang.Exception]
                                steps:
                                  - loop:
                                      expression:
                                        constant:
                                          expression: "2"
                                      steps:
                                        - to:
                                            uri: direct:relais-wach
                        """,
                        MINE + ":19",
                        "direct:relais-wach",
                        "direct:relais-watch"),
                Mistake.step(
                        "a misspelt call in a finally clause",
                        """
                        - doTry:
                            steps:
                              - stop: {}
                            doFinally:
                              steps:
                                - to: direct:relais-wach
                        """,
                        MINE + ":12",
                        "direct:relais-wach",
                        "direct:relais-watch"),
                Mistake.in(
                        "a misspelt call in a configuration",
                        """
                        - routeConfiguration:
                            id: mine
                            onException:
                              - onException:
                                  exception: [java.lang.Exception]
                                  steps:
                                    - to:
                                        uri: direct:relais-wach
                        """,
                        MINE + ":8",
                        "direct:relais-wach",
                        "direct:relais-watch"),
                Mistake.step(
                        "a misspelt wire tap",
                        "- wireTap: {uri: 'direct:relais-wach'}",
                        MINE + ":7",
                        "direct:relais-watch"),
                Mistake.in(
                        "a misspelt hook",
                        """
                        - route:
                            id: relais-transfrom-offer
                            description: Elle garde une copie.
                            from:
                              uri: direct:relais-transfrom-offer
                              steps:
                                - log:
                                    message: Mine
                        """,
                        MINE + ":5",
                        "nothing calls direct:relais-transfrom-offer",
                        "Did you mean direct:relais-transform-offer?"),
                Mistake.in(
                        "a packed route with another id",
                        """
                        - route:
                            id: my-watch
                            from:
                              uri: direct:relais-watch
                              steps: []
                        """,
                        MINE + ":4",
                        "direct:relais-watch",
                        "80-watch.camel.yaml (packed)"),
                Mistake.in(
                        "the id of a packed route",
                        """
                        - route:
                            id: relais-search
                            from:
                              uri: direct:mine
                              steps: []
                        """,
                        MINE + ":2",
                        "id relais-search",
                        "25-source.camel.yaml (packed)",
                        "another id"),
                Mistake.in("an id twice in a file", """
                        - route:
                            id: mine
                            from: {uri: 'timer:a', steps: []}
                        - route:
                            id: mine
                            from: {uri: 'timer:b', steps: []}
                        """, MINE + ":5", "id mine", "already in this file"),
                Mistake.in(
                        "a hook with another id",
                        """
                        - route:
                            id: mine
                            from:
                              uri: direct:relais-transform-offer
                              steps: []
                        """,
                        MINE + ":4",
                        "direct:relais-transform-offer",
                        "Give it the id relais-transform-offer"),
                Mistake.in("a configuration without id", """
                        - routeConfiguration:
                            onException:
                              - onException:
                                  exception: [java.lang.Exception]
                        """, MINE + ":1", "routeConfiguration has no id"),
                Mistake.in("an unknown configuration", """
                        - route:
                            id: mine
                            routeConfigurationId: source-erors
                            from: {uri: 'timer:mine', steps: []}
                        """, MINE + ":3", "no routeConfiguration source-erors"),
                Mistake.step(
                        "a missing component",
                        "- to: {uri: 'kafka:offers'}",
                        MINE + ":7",
                        "no component \"kafka\"",
                        "camel-kafka-4.22.0.jar",
                        "folder components"),
                Mistake.step(
                        "a misspelt component",
                        "- to: {uri: 'direkt:watch'}",
                        MINE + ":7",
                        "no component \"direkt\"",
                        "Did you mean direct?"),
                Mistake.step(
                        "a misspelt option",
                        """
                        - to:
                            uri: seda:mine
                            parameters:
                              multipleConsumer: true
                        """,
                        MINE + ":10",
                        "seda has no option multipleConsumer",
                        "Did you mean multipleConsumers?"),
                Mistake.step(
                        "a misspelt option that is required",
                        """
                        - to:
                            uri: sql
                            parameters:
                              dataSource: "#relaisDataSource"
                              qeury: select 1
                        """,
                        MINE + ":11",
                        "sql has no option query",
                        "Did you mean query?"),
                Mistake.step("a wrong value", """
                        - to:
                            uri: file:out
                            parameters:
                              fileExist: Overwrite
                        """, MINE + ":10", "fileExist takes one of Override, Append"),
                Mistake.step(
                        "text instead of a number",
                        "- to: {uri: 'seda:mine?size=many'}",
                        MINE + ":7",
                        "size takes a whole number"),
                Mistake.step(
                        "an unknown placeholder",
                        "- to: {uri: 'file:{{relais.veiws.folder}}'}",
                        MINE + ":7",
                        "no setting relais.veiws.folder",
                        "Did you mean relais.views.folder?"),
                Mistake.in(
                        "an unknown placeholder in from",
                        """
                        - route:
                            id: mine
                            from:
                              uri: quartz:mine
                              parameters:
                                cron: "{{relais.swep.cron}}"
                              steps: []
                        """,
                        MINE + ":6",
                        "no setting relais.swep.cron",
                        "Did you mean relais.sweep.cron?"),
                Mistake.step(
                        "an unknown bean",
                        "- bean: {ref: relaisSweps, method: releaseLease}",
                        MINE + ":7",
                        "no bean relaisSweps",
                        "Did you mean relaisSweeps?"),
                Mistake.step(
                        "an unknown bean in an option",
                        """
                        - to:
                            uri: sql
                            parameters:
                              query: select 1
                              dataSource: "#relaisDatasource"
                        """,
                        MINE + ":11",
                        "no bean relaisDatasource",
                        "Did you mean relaisDataSource?"),
                Mistake.step(
                        "an unknown method",
                        "- bean: {ref: relaisSweeps, method: 'markHelt'}",
                        MINE + ":7",
                        "bean relaisSweeps has no method markHelt",
                        "Did you mean markHeld?"),
                Mistake.step(
                        "an unknown method in an expression",
                        """
                        - setBody:
                            expression:
                              method:
                                ref: relaisSweeps
                                method: aprove(${body})
                        """,
                        MINE + ":11",
                        "bean relaisSweeps has no method aprove",
                        "Did you mean approve?"),
                Mistake.step(
                        "an unknown method in a text",
                        "- log: {message: '${bean:relaisWatch?method=dueDeliverys}'}",
                        MINE + ":7",
                        "bean relaisWatch has no method dueDeliverys",
                        "Did you mean dueDeliveries?"),
                Mistake.step(
                        "broken YAML",
                        "- to: {uri: [direct:relais-watch",
                        MINE + ":7",
                        "cannot be read",
                        "flow sequence"),
                Mistake.in("a tab", "- route:\n\tid: mine\n", MINE + ":2", "TAB", "column 1"),
                Mistake.in("an empty file", "", MINE, "empty"),
                Mistake.step("an unknown step", "- lug: {message: hello}", MINE + ":7", "\"lug\"", "Did you mean log?"),
                Mistake.step(
                        "an unknown property",
                        "- log:\n    massage: hello",
                        MINE + ":8",
                        "\"massage\"",
                        "Did you mean message?"),
                Mistake.in(
                        "an unknown property of a route",
                        """
                        - route:
                            id: mine
                            descripton: Mine
                            from: {uri: 'timer:mine', steps: []}
                        """,
                        MINE + ":3",
                        "\"descripton\"",
                        "Did you mean description?"),
                Mistake.step("an unknown language", """
                        - setBody:
                            expression:
                              simpel:
                                expression: ${body}
                        """, MINE + ":9", "\"simpel\"", "Did you mean simple?"),
                Mistake.step("a step without address", "- to: {parameters: {a: b}}", MINE + ":7", "Uri is mandatory"),
                Mistake.in(
                                "a file with the wrong extension",
                                "[]",
                                "36-mine.yaml",
                                "does not end with .camel.yaml",
                                "Rename it to 36-mine.camel.yaml")
                        .named("36-mine.yaml"),
                Mistake.in("a file in XML", "<routes/>", "36-mine.camel.xml", "Rename it")
                        .named("36-mine.camel.xml"),
                Mistake.step(
                        "a misspelt function",
                        "- log:\n    message: Offer ${boddy.id}",
                        MINE + ":8",
                        "\"boddy\"",
                        "Did you mean body?"),
                Mistake.step("a broken condition", """
                        - filter:
                            expression:
                              simple:
                                expression: ${body} = 1
                            steps: []
                        """, MINE + ":10", "${body} = 1", "cannot be read"),
                Mistake.step("an unterminated expression", """
                        - setBody:
                            expression:
                              simple:
                                expression: ${body
                        """, MINE + ":10", "cannot be read"),
                Mistake.step(
                        "a missing table",
                        """
                        - to:
                            uri: sql
                            parameters:
                              dataSource: "#relaisDataSource"
                              query: replace into my_additon values (:#${body.id}, 1)
                        """,
                        MINE + ":11",
                        "Table 'relais.my_additon' doesn't exist",
                        "Create the table"),
                Mistake.step(
                        "a missing data format",
                        "- marshal: {avro: {}}",
                        MINE + ":7",
                        "no data format avro",
                        "Add its jar"),
                Mistake.in(
                        "a hook that does not say what it does",
                        """
                        - route:
                            id: relais-transform-offer
                            from:
                              uri: direct:relais-transform-offer
                              steps:
                                - removeHeaders:
                                    pattern: "*"
                        """,
                        MINE + ":4",
                        "relais-transform-offer does not say",
                        "in French"),
                Mistake.in(
                        "a route behind a hook that does not say what it does",
                        """
                        - route:
                            id: relais-transform-offer
                            description: L’offre est complétée.
                            from:
                              uri: direct:relais-transform-offer
                              steps:
                                - to: direct:mine
                        - route:
                            id: mine
                            from:
                              uri: direct:mine
                              steps: [{stop: {}}]
                        """,
                        MINE + ":11",
                        "route mine does not say",
                        "in French"),
                Mistake.step(
                        "a mistake that only Camel notices",
                        "- transacted: {ref: relaisTransaction}",
                        "The route mine",
                        MINE,
                        "cannot be created",
                        "no output"),
                Mistake.in(
                                "a replacement that leaves a route out",
                                """
                        - route:
                            id: mine
                            from:
                              uri: timer:mine
                              steps: [{stop: {}}]
                        """,
                                "25-source.camel.yaml",
                                "direct:relais-check-source",
                                "Copy the route")
                        .named("25-source.camel.yaml"),
                Mistake.setting("relais.alert.uri", "kafka:x", "no component \"kafka\"", "camel-kafka-4.22.0.jar"),
                Mistake.setting(
                        "relais.alert.uri",
                        "direct:relais-log-alrt",
                        "direct:relais-log-alrt",
                        "Did you mean direct:relais-log-alert?"),
                Mistake.setting("relais.alert.uri", "relais-log-alert", "no component \"relais-log-alert\""),
                Mistake.setting(
                        "relais.slices.uri", "direct:relais-read-slise", "Did you mean direct:relais-read-slice?"),
                Mistake.setting(
                        "relais.changelog.uri",
                        "file:out?fileExists=Override",
                        "no option fileExists",
                        "Did you mean fileExist?"),
                Mistake.setting("relais.changelog.uri", "file:out?delete=yes", "option delete takes true or false"),
                Mistake.setting("relais.views.uri", "kafka:views", "camel-kafka-4.22.0.jar"),
                Mistake.setting(
                        "relais.report.uri", "smtp:mail?javaMailSender=#relaisMailSender", "no bean relaisMailSender"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_reported_in_one_message_with_its_place_and_the_right_name(Mistake mistake) throws Exception {
        if (mistake.file != null) {
            Files.writeString(folder.resolve(mistake.file), mistake.content);
        }

        String message = message(catchThrowable(() -> start(mistake.settings)));

        assertThat(message)
                .contains(mistake.words)
                .doesNotContain("Exception", "\tat ", "because: null")
                .hasLineCount(2);
    }

    @Test
    void routes_without_a_mistake_start() throws Exception {
        Files.writeString(folder.resolve(MINE), """
                - route:
                    id: offer-removed-copy
                    from:
                      uri: timer:mine
                      steps:
                        - to: direct:relais-watch
                        - toD: direct:${body}
                        - setBody:
                            simple: ${bean:relaisWatch?method=dueDeliveries}
                """);

        start(Map.of());
    }

    @Test
    void a_route_that_only_the_host_calls_may_have_a_name_similar_to_another() throws Exception {
        Files.writeString(folder.resolve(MINE), """
                - route:
                    id: sweeps
                    from:
                      uri: direct:sweeps
                      steps:
                        - to: direct:relais-sweep
                """);

        start(Map.of(), new RouteBuilder() {
            @Override
            public void configure() {
                from("timer:host").to("direct:sweeps");
            }
        });
    }

    @Test
    void a_started_context_may_lose_and_gain_routes() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            start(camel, Map.of());

            camel.removeRoute("relais-log-alert");
            camel.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:mine").to("log:mine");
                }
            });

            assertThat(camel.getRoute("relais-log-alert")).isNull();
        }
    }

    private void start(Map<String, String> given, RoutesBuilder... host) throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            start(camel, given, host);
        }
    }

    private void start(DefaultCamelContext camel, Map<String, String> given, RoutesBuilder... host) throws Exception {
        Map<String, String> settings = new HashMap<>(given);
        settings.put("relais.source.client-id", "id");
        settings.put("relais.source.client-secret", "secret");
        settings.put("relais.routes", folder.toString());
        camel.setAutoStartup(false);
        Addition.addPipeline(camel, database(), database(), Settings.of(settings), Clock.systemUTC(), List.of())
                .checkStatements();
        for (RoutesBuilder routes : host) {
            camel.addRoutes(routes);
        }
        camel.start();
    }

    /** Returns a database without tables. */
    private static DataSource database() throws SQLException {
        DataSource database = mock();
        Connection connection = mock();
        PreparedStatement statement = mock();
        when(database.getConnection()).thenReturn(connection);
        when(connection.prepareStatement(anyString())).thenReturn(statement);
        when(statement.execute())
                .thenThrow(
                        new SQLSyntaxErrorException("(conn=5) Table 'relais.my_additon' doesn't exist", "42S02", 1146));
        return database;
    }

    private static String message(Throwable failure) {
        assertThat(failure).isNotNull();
        FailureAnalysis analysis = new StartFailureAnalyzer().analyze(failure);
        assertThat(analysis).as("analysis of %s", failure).isNotNull();
        return analysis.getDescription() + "\n" + analysis.getAction();
    }
}
