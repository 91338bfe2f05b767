package fr.relais;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import fr.relais.changelog.Method;
import fr.relais.routes.Declarations;
import fr.relais.routes.RouteFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Each of these packed routes stands for the build: a step of theirs that is not declared fails it here. */
class DeclarationsTest {

    private static final Settings SETTINGS =
            Settings.of(Map.of("relais.source.client-id", "id", "relais.source.client-secret", "secret"));

    @TempDir
    private Path folder;

    @Test
    void ofThePackedRoutesAreComplete() throws Exception {
        require();
    }

    /** What would change, add or leave out something. */
    private static final List<String> TRANSFORMATIONS = List.of(
            "to: {uri: sql, parameters: {dataSource: '#relaisDataSource', query: 'delete from offer'}}",
            "to: {uri: 'sql:classpath:sql/mine.sql'}",
            "to: {uri: 'http://localhost/enrich'}",
            "to: {uri: 'https://{{relais.source.base-url}}'}",
            "to: {uri: 'file:offers'}",
            "to: {uri: 'direct:of-the-host'}",
            "to: {uri: '{{mine}}'}",
            "to: {uri: 'bean:mine'}",
            "to: {uri: 'class:java.util.Date'}",
            "to: {uri: 'language:simple:${body.id}'}",
            "to: {uri: 'kamelet:mine'}",
            "toD: {uri: 'direct:search'}",
            "wireTap: {uri: 'direct:search'}",
            "enrich: {expression: {constant: {expression: 'direct:search'}}}",
            "pollEnrich: {expression: {constant: {expression: 'file:mine'}}}",
            "poll: {uri: 'file:mine'}",
            "recipientList: {expression: {constant: {expression: 'direct:search'}}}",
            "routingSlip: {expression: {constant: {expression: 'direct:search'}}}",
            "dynamicRouter: {expression: {method: {ref: answers, method: fail}}}",
            "bean: {ref: mine, method: trim}",
            "bean: {ref: foreign}",
            "bean: {beanType: java.util.Date}",
            "bean: {ref: comparison, method: 'ids(${body.replace(a,b)})'}",
            "process: {ref: foreign}",
            "script: {expression: {simple: {expression: '${body}'}}}",
            "transform: {expression: {simple: {expression: '${body}'}}}",
            "transformDataType: {toType: mine}",
            "marshal: {base64: {}}",
            "unmarshal: {json: {}}",
            "convertBodyTo: {type: String}",
            "convertVariableTo: {name: page, type: String}",
            "convertHeaderTo: {name: page, type: String}",
            "setBody: {expression: {simple: {expression: '${body.replace(a,b)}'}}}",
            "setBody: {expression: {simple: {expression: '${body.trim}'}}}",
            "setBody: {expression: {simple: {expression: '${variable.page?.toUpperCase}'}}}",
            "setBody: {expression: {simple: {expression: '${body} more'}}}",
            "setBody: {expression: {simple: {expression: '${body}${header.more}'}}}",
            "setBody: {expression: {simple: {expression: '$simple{body.trim()}'}}}",
            "setBody: {expression: {simple: {expression: '${bodyAs(String)}'}}}",
            "setBody: {expression: {simple: {expression: '${body}', resultType: java.lang.String}}}",
            "setBody: {expression: {simple: {expression: '${bean:foreign}'}}}",
            "setBody: {expression: {simple: {expression: '${bean:foreign?method=remove(${body})}'}}}",
            "setBody: {expression: {simple: {expression: '${bean:answers?method=path(${body.trim()})}'}}}",
            "setBody: {expression: {method: {ref: foreign, method: clear}}}",
            "setBody: {expression: {method: {beanType: java.util.Date}}}",
            "setBody: {expression: {jsonpath: {expression: $.id}}}",
            "setBody: {expression: {groovy: {expression: body}}}",
            "setBody: {expression: {ref: {expression: foreign}}}",
            "setBody: {expression: {tokenize: {token: a}}}",
            "setVariable: {name: page, expression: {simple: {expression: '${random(10)}'}}}",
            "setHeader: {name: CamelSqlQuery, expression: {simple: {expression: 'delete ${header.what}'}}}",
            "setHeaders: {headers: [{name: a, expression: {constant: {expression: a}}}]}",
            "setVariables: {variables: [{name: a, expression: {constant: {expression: a}}}]}",
            "filter: {expression: {simple: {expression: \"${body.romeCode} == 'M1805'\"}}, steps: []}",
            "filter: {expression: {simple: {expression: \"${body[romeCode]} == 'M1805'\"}}, steps: []}",
            "filter: {expression: {simple: {expression: \"${body} contains 'CDI'\"}}, steps: [{script: {expression: {constant: {expression: x}}}}]}",
            "filter: {expression: {jsonpath: {expression: '$[?(@.id)]'}}, steps: []}",
            "filter: {expression: {method: {ref: foreign, method: isEmpty}}, steps: []}",
            "choice: {when: [{expression: {simple: {expression: \"${body.romeCode} == 'M1805'\"}}, steps: []}]}",
            "choice: {when: [{expression: {constant: {expression: 'true'}}, steps: [{marshal: {base64: {}}}]}]}",
            "choice: {when: [{expression: {constant: {expression: 'true'}}, steps: []}], otherwise: {steps: [{marshal: {base64: {}}}]}}",
            "doTry: {steps: [{marshal: {base64: {}}}]}",
            "doTry: {steps: [], doCatch: [{exception: [java.lang.Exception], steps: [{marshal: {base64: {}}}]}]}",
            "doTry: {steps: [], doCatch: [{exception: [java.lang.Exception], onWhen: {expression: {jsonpath: {expression: $.a}}}, steps: []}]}",
            "doTry: {steps: [], doFinally: {steps: [{marshal: {base64: {}}}]}}",
            "loop: {expression: {constant: {expression: '1'}}, steps: [{marshal: {base64: {}}}]}",
            "split: {expression: {simple: {expression: '${body}'}}, aggregationStrategy: foreign, steps: []}",
            "split: {expression: {tokenize: {token: a}}, steps: []}",
            "split: {expression: {simple: {expression: '${body}'}}, steps: [{split: {expression: {simple: {expression: '${body}'}}, steps: [{convertBodyTo: {type: String}}]}}]}",
            "multicast: {steps: []}",
            "aggregate: {aggregationStrategy: foreign, correlationExpression: {constant: {expression: 'true'}}, completionSize: 2, steps: []}",
            "idempotentConsumer: {expression: {simple: {expression: '${body}'}}, idempotentRepository: foreign, steps: []}",
            "resequence: {expression: {simple: {expression: '${body}'}}, batchConfig: {}, steps: []}",
            "sort: {expression: {simple: {expression: '${body}'}}}",
            "validate: {expression: {simple: {expression: '${body} != null'}}}",
            "sample: {messageFrequency: 2}",
            "claimCheck: {operation: Get}",
            "circuitBreaker: {steps: [], onFallback: {steps: [{marshal: {base64: {}}}]}}",
            "loadBalance: {roundRobinLoadBalancer: {}, steps: []}",
            "log: {message: '${bean:foreign?method=clear}'}",
            "log: {message: '${body.replace(a,b)}'}",
            "pipeline: {steps: [{step: {id: s, steps: [{marshal: {base64: {}}}]}}]}");

    @Test
    void areAskedForWhereverAStepIsATransformation() throws Exception {
        for (String step : TRANSFORMATIONS) {
            assertRefused("35-hooks.camel.yaml", "transform-offer", step);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reconcile", "read-page", "delete-offer", "call"})
    void areAskedForInEveryRoute(String route) throws Exception {
        String file =
                switch (route) {
                    case "reconcile" -> "30-reconcile";
                    case "read-page" -> "20-slice";
                    case "delete-offer" -> "40-remove";
                    default -> "25-source";
                };

        assertRefused(file + ".camel.yaml", route, "setBody: {expression: {simple: {expression: '${body.trim()}'}}}");
    }

    @Test
    void areAskedForInFilesThatAreAddedAndInWhatIsNotARoute() throws Exception {
        for (String file : List.of(
                "- route: {id: mine, from: {uri: 'direct:mine', steps: [{marshal: {base64: {}}}]}}",
                "- from: {uri: 'direct:mine', steps: [{marshal: {base64: {}}}]}",
                "- routeTemplate: {id: mine, from: {uri: 'direct:mine', steps: [{marshal: {base64: {}}}]}}",
                "- routeConfiguration: {id: mine, onException: [{onException: {exception: [java.lang.Exception], steps: [{marshal: {base64: {}}}]}}]}",
                "- routeConfiguration: {id: mine, onException: [{onException: {exception: [java.lang.Exception], onRedeliveryRef: foreign}}]}",
                "- routeConfiguration: {id: mine, onCompletion: [{onCompletion: {steps: [{marshal: {base64: {}}}]}}]}",
                "- routeConfiguration: {id: mine, intercept: [{intercept: {steps: [{marshal: {base64: {}}}]}}]}",
                "- routeConfiguration: {id: mine, interceptSendToEndpoint: [{interceptSendToEndpoint: {uri: 'sql:*', skipSendToOriginalEndpoint: 'true', steps: []}}]}",
                "- intercept: {steps: [{marshal: {base64: {}}}]}\n- route: {id: mine, from: {uri: 'direct:mine', steps: []}}")) {
            Files.writeString(folder.resolve("36-mine.camel.yaml"), file);

            assertThatThrownBy(this::require, file)
                    .isInstanceOf(Declarations.Missing.class)
                    .hasMessageContainingAll("36-mine.camel.yaml", "note");
        }
    }

    @Test
    void nameFileRouteStepLineAndRemedyWhereTheyAreMissing() throws Exception {
        write("35-hooks.camel.yaml", "transform-offer", "to: {id: to-mine, uri: 'http://user:s3cr3t@localhost'}");

        assertThatThrownBy(this::require)
                .hasMessageMatching("Route file file:\\S+/35-transform\\.camel\\.yaml: in transform-offer, the step to"
                        + " \\(id to-mine\\) in line \\d+ may change what is kept and has no note\\. Give it a note in French .*"
                        + " published in the changelog")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "log: {message: '${body}: ${exception.class.simpleName}, ${date:now:HH:mm}'}",
                "to: {uri: 'direct:search'}",
                "to: {uri: '{{relais.alert.uri}}'}",
                "to: {uri: '{{relais.source.base-url}}', parameters: {httpMethod: GET}}",
                "bean: {ref: lease, method: 'require(${variable.sweep.fence})'}",
                "bean: {ref: sweeps, method: \"settle(${variable.sweep}, 'held', ${body})\"}",
                "setBody: {expression: {constant: {expression: x}}}",
                "setBody: {expression: {simple: {expression: '${null}'}}}",
                "setBody: {expression: {simple: {expression: '${body[offer_id]}'}}}",
                "setBody: {expression: {simple: {expression: '${variable.changes.page.setAside}'}}}",
                "setBody: {expression: {simple: {expression: '${header.Content-Range}'}}}",
                "setBody: {expression: {simple: {expression: '${bean:sweeps?method=reason(${exception})}'}}}",
                "setVariable: {name: mine, expression: {variable: {expression: page}}}",
                "setHeader: {name: Mine, expression: {method: {ref: answers, method: 'path(${variable.offerId})'}}}",
                "filter: {expression: {simple: {expression: '${variable.changes.hasOffers}'}}, steps: []}",
                "filter: {expression: {simple: {expression: '${body} != null && ${variable.ids.size} > 0'}}, steps: []}",
                "filter: {expression: {method: {ref: sweeps, method: 'isProved(${variable.sweep})'}}, steps: []}",
                "choice: {when: [{expression: {simple: {expression: '${body} == false'}}, steps: []}], otherwise: {steps: []}}",
                "loop: {doWhile: true, expression: {simple: {expression: '${body} != null'}}, steps: []}",
                "split: {expression: {simple: {expression: '${variable.changes.offers}'}}, steps: []}",
                "doTry: {steps: [], doCatch: [{exception: [java.lang.Exception], steps: [{stop: {}}]}], doFinally: {steps: []}}",
                "removeHeaders: {pattern: '*'}",
                "removeHeader: {name: a}",
                "removeVariable: {name: a}",
                "delay: {expression: {constant: {expression: '1'}}}",
                "throwException: {exceptionType: java.lang.IllegalStateException, message: no}",
                "rollback: {message: no}",
                "stop: {}",
                "transacted: {ref: relaisTransaction}",
                "marshal: {base64: {}, note: Le contenu est mis en base64.}",
                "to: {uri: 'http://localhost', note: Une adresse est ajoutée.}",
                "filter: {note: Seules les offres du métier M1805 passent., expression: {jsonpath: {expression: $.a}}, steps: []}",
                "choice: {when: [{note: Selon le métier., expression: {jsonpath: {expression: $.a}}, steps: []}]}"
            })
    void areNotAskedForWhereNothingIsTransformedOrItIsSaid(String step) throws Exception {
        write("35-hooks.camel.yaml", "transform-offer", step);

        assertThatCode(this::require).as(step).doesNotThrowAnyException();
    }

    @Test
    void cannotBeAvoidedByTakingOverTheNameOfABean() throws Exception {
        Files.writeString(
                folder.resolve("36-mine.camel.yaml"), "- beans: [{name: comparison, type: java.util.ArrayList}]");

        assertThatThrownBy(this::require)
                .isInstanceOf(Declarations.Missing.class)
                .hasMessageContainingAll("30-reconcile", "note");
    }

    @Test
    void ofTheHostsOwnRoutesAreNoneOfOurBusiness() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            camel.addRoutes(new org.apache.camel.builder.RouteBuilder() {
                @Override
                public void configure() {
                    from("direct:host").marshal().base64().to("file:host");
                }
            });

            assertThat(declarations(camel).steps())
                    .noneMatch(step -> step.route().contains("host"));
        }
    }

    @Test
    void areThePublishedMethodStepByStep() throws Exception {
        List<String> notes = new ArrayList<>();
        for (Resource file : RouteFiles.find("")) {
            new YAMLMapper()
                    .readTree(RouteFiles.bytes(file))
                    .findValuesAsText("note")
                    .forEach(notes::add);
        }

        Method method = method();

        assertThat(notes).hasSizeGreaterThan(15);
        assertThat(lines(method, "Traitements"))
                .extracting(line -> line.replaceFirst("^[a-z-]+ : ", ""))
                .containsExactlyElementsOf(notes);
        assertThat(lines(method, "Ajouts")).singleElement().asString().contains("n’y ajoute et n’y change rien");
        assertThat(lines(method, "Fichiers de traitement"))
                .hasSize(RouteFiles.find("").size())
                .allMatch(line ->
                        line.matches("\\d\\d-[a-z]+\\.camel\\.yaml, fourni avec le logiciel, SHA-256 [0-9a-f]{64}"));
    }

    @Test
    void ofWhatTransformOfferLeadsToAreAdditions() throws Exception {
        write("35-hooks.camel.yaml", "transform-offer", "to: {uri: 'direct:mine'}");
        Files.writeString(folder.resolve("36-mine.camel.yaml"), """
                - route: {id: mine, from: {uri: 'direct:mine', steps: [{to: {uri: 'direct:deeper'}}]}}
                - route: {id: deeper, from: {uri: 'direct:deeper', steps: [
                    {to: {uri: 'sql:mine.sql', note: Le métier est ajouté.}}, {to: {uri: 'direct:mine'}}]}}
                - route: {id: aside, from: {uri: 'direct:aside', steps: [{to: {uri: 'file:x', note: À part.}}]}}
                """);

        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Declarations declarations = declarations(camel);

            assertThat(declarations.isTransforming()).isTrue();
            assertThat(declarations.steps())
                    .filteredOn(Method.Step::isAddition)
                    .containsExactly(new Method.Step("deeper", "Le métier est ajouté.", true));
        }
        Method method = method();
        assertThat(lines(method, "Ajouts")).hasSize(2).last().isEqualTo("deeper : Le métier est ajouté.");
        assertThat(lines(method, "Traitements")).contains("deeper : Le métier est ajouté.", "aside : À part.");
        assertThat(lines(method, "Fichiers de traitement").toString())
                .contains("35-hooks.camel.yaml, remplacé,", "36-mine.camel.yaml, ajouté,")
                .doesNotContain(folder.toString());
    }

    @Test
    void areTheSameForACopyOfAPackedFile() throws Exception {
        String packed = method().text();
        for (Resource file : RouteFiles.find("")) {
            Files.write(folder.resolve(file.getLocation().replaceFirst(".*/", "")), RouteFiles.bytes(file));
        }

        assertThat(method().text()).isEqualTo(packed);
    }

    private void assertRefused(String file, String route, String step) throws IOException {
        write(file, route, step);

        assertThatThrownBy(this::require, step)
                .isInstanceOf(Declarations.Missing.class)
                .hasMessageContainingAll(file, "in " + route + ",", "note");
    }

    /** The packed file, with this step before the others of the route. */
    private void write(String file, String route, String step) throws IOException {
        YAMLMapper yaml = new YAMLMapper();
        Resource packed = RouteFiles.find("").stream()
                .filter(other -> other.getLocation().endsWith("/" + file))
                .findFirst()
                .orElseThrow();
        JsonNode content = yaml.readTree(new String(RouteFiles.bytes(packed), UTF_8));
        for (JsonNode item : content) {
            ObjectNode one = (ObjectNode) item.path("route");
            if (one.path("id").asText().equals(route)) {
                one.withArray("/from/steps").insert(0, yaml.readTree(step));
            }
        }
        yaml.writeValue(folder.resolve(file).toFile(), content);
    }

    private void require() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Declarations declarations = declarations(camel);
            camel.getRegistry().bind("foreign", new ArrayList<>());
            addBeans(camel);
            declarations.require(camel.getRegistry());
        }
    }

    private static void addBeans(DefaultCamelContext camel) {
        Relais.addBeans(
                camel, new DriverManagerDataSource(), SETTINGS, Clock.systemUTC(), new Method(List.of()), false);
    }

    private Method method() throws Exception {
        try (DefaultCamelContext camel = new DefaultCamelContext()) {
            Declarations declarations = declarations(camel);
            return Method.of("1.0", SETTINGS.ofTheMethod(), List.of(), declarations.files(), declarations.steps());
        }
    }

    private Declarations declarations(DefaultCamelContext camel) {
        camel.getPropertiesComponent().setOverrideProperties(SETTINGS.placeholders());
        return Declarations.of(camel, RouteFiles.load(camel, folder.toString()));
    }

    private static List<String> lines(Method method, String title) {
        return method.sections().stream()
                .filter(section -> section.title().equals(title))
                .flatMap(section -> section.lines().stream())
                .toList();
    }
}
