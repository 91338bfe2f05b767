package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;

import fr.relais.seal.Seal;
import fr.relais.simulator.SettableClock;
import fr.relais.source.Account;
import fr.relais.source.Answers;
import fr.relais.source.BoundedAnswer;
import fr.relais.source.Circuit;
import fr.relais.source.OfferAnswer;
import fr.relais.source.SourceException;
import fr.relais.source.Throttle;
import fr.relais.source.Token;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code 25-source.camel.yaml} */
class SourceRouteTest extends RouteTest {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-11-25T12:00:00Z"));
    private final Token token = new Token("id", "s3cr3t", "scope", clock);
    private final Throttle throttle = new Throttle(Double.POSITIVE_INFINITY);
    private final Seal seal = mock(Seal.class);
    private final Account account = mock(Account.class);
    private final Circuit circuit = new Circuit(Duration.ofMillis(1), clock);

    SourceRouteTest() {
        super("25-source");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.source.retry-delay", "1");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSeal", seal);
        beans.bind("relaisAccount", account);
        beans.bind("relaisCircuit", circuit);
        beans.bind("relaisThrottle", throttle);
        beans.bind("relaisToken", token);
        beans.bind("relaisAnswers", new Answers(throttle, token, clock));
        beans.bind("relaisBoundedClient", (HttpClientConfigurer)
                client -> client.addExecInterceptorFirst("bounded", new BoundedAnswer(Duration.ofSeconds(1))));
    }

    @BeforeEach
    void replaceTheSource() throws Exception {
        AdviceWith.adviceWith(context, "relais-call-source", route -> route.weaveById("relais-call-source-api")
                .replace()
                .to("mock:source"));
        AdviceWith.adviceWith(context, "relais-request-token", route -> route.weaveById("relais-call-token-endpoint")
                .replace()
                .to("mock:token"));
        getMockEndpoint("mock:token")
                .whenAnyExchangeReceived(
                        answer(200, "{\"access_token\":\"t0k3n\",\"expires_in\":1499,\"token_type\":\"Bearer\"}"));
        getMockEndpoint("mock:source").whenAnyExchangeReceived(answer(204, ""));
    }

    @Test
    void a_call_has_the_token_the_path_and_the_query_and_no_other_header() throws Exception {
        MockEndpoint source = getMockEndpoint("mock:source");
        source.expectedHeaderReceived("Authorization", "Bearer t0k3n");
        source.expectedHeaderReceived(Exchange.HTTP_PATH, "/v2/offres/search");
        source.expectedHeaderReceived(Exchange.HTTP_QUERY, "range=0-0");
        source.expectedMessageCount(1);

        Exchange answered = template.request(
                "direct:relais-check-source", exchange -> exchange.getMessage().setHeader("Cookie", "mine"));

        MockEndpoint.assertIsSatisfied(context);
        assertThat(answered.getMessage().getHeaders()).containsOnlyKeys(Exchange.HTTP_RESPONSE_CODE);
        assertThat(answered.getVariables().toString()).doesNotContain("t0k3n");
        assertThat(source.getExchanges().get(0).getMessage().getHeaders()).doesNotContainKey("Cookie");
        verify(account).recordSuccess();
    }

    @Test
    void concurrent_calls_request_one_token() throws Exception {
        getMockEndpoint("mock:token").expectedMessageCount(1);
        getMockEndpoint("mock:source").expectedMessageCount(16);

        IntStream.range(0, 16)
                .parallel()
                .forEach(i -> template.requestBody("direct:relais-check-source", (Object) null));

        MockEndpoint.assertIsSatisfied(context);
    }

    @Test
    void a_refused_token_is_renewed_once() throws Exception {
        getMockEndpoint("mock:source").whenExchangeReceived(1, answer(401, ""));
        getMockEndpoint("mock:token").expectedMessageCount(2);

        template.requestBody("direct:relais-check-source", (Object) null);

        MockEndpoint.assertIsSatisfied(context);
        verify(account).recordFailure(org.mockito.ArgumentMatchers.any(), org.mockito.ArgumentMatchers.any());
    }

    @Test
    void an_unavailable_source_is_called_six_times_and_a_rejected_call_is_not_retried() throws Exception {
        MockEndpoint source = getMockEndpoint("mock:source");
        source.whenAnyExchangeReceived(answer(503, ""));
        source.expectedMessageCount(6);
        assertThat(failure("direct:relais-check-source")).isInstanceOf(SourceException.Unavailable.class);
        source.assertIsSatisfied();

        source.reset();
        source.whenAnyExchangeReceived(answer(400, "{}"));
        source.expectedMessageCount(1);
        assertThat(failure("direct:relais-check-source")).isInstanceOf(SourceException.Rejected.class);
        source.assertIsSatisfied();
        verify(account, times(7)).recordFailure(org.mockito.ArgumentMatchers.any(), org.mockito.ArgumentMatchers.any());
    }

    @Test
    void a_failure_of_the_token_endpoint_does_not_show_the_secret() throws Exception {
        MockEndpoint endpoint = getMockEndpoint("mock:token");
        for (Processor answer : List.of(
                answer(200, "<html>s3cr3t</html>"),
                answer(400, "{\"error\":\"invalid_client\",\"error_description\":\"s3cr3t\"}"),
                (Processor) exchange -> {
                    throw new java.net.ConnectException("s3cr3t");
                })) {
            endpoint.reset();
            endpoint.whenAnyExchangeReceived(answer);
            // By now the circuit, which the previous failure opened, lets one call through.
            clock.advance(Duration.ofMinutes(1));
            Exchange failed = template.request("direct:relais-check-source", exchange -> {});

            assertThat(failed.getException()).isInstanceOf(SourceException.class);
            assertThat(failed.getException().toString() + failed.getMessage().getBody(String.class))
                    .doesNotContain("s3cr3t");
        }
        // The lock was released after each failure, so a token can be requested again.
        endpoint.reset();
        endpoint.whenAnyExchangeReceived(answer(200, "{\"access_token\":\"other\"}"));
        clock.advance(Duration.ofMinutes(1));
        template.requestBody("direct:relais-check-source", (Object) null);
        assertThat(token.authorization()).isEqualTo("Bearer other");
    }

    @ParameterizedTest
    @ValueSource(ints = {204, 404, 410})
    void the_answer_to_a_request_for_one_offer_says_whether_it_is_gone_or_shown(int status) throws Exception {
        getMockEndpoint("mock:source").whenAnyExchangeReceived(answer(status, ""));
        assertThat(askForOffer().status()).isEqualTo(status);

        getMockEndpoint("mock:source").whenAnyExchangeReceived(answer(200, "{\"id\":\"123ABCD\"}"));
        getMockEndpoint("mock:source").expectedHeaderReceived(Exchange.HTTP_PATH, "/v2/offres/123ABCD");
        assertThat(askForOffer().isShown()).isTrue();
    }

    private OfferAnswer askForOffer() {
        return template.request("direct:relais-ask-for-offer", exchange -> exchange.setVariable("offerId", "123ABCD"))
                .getMessage()
                .getBody(OfferAnswer.class);
    }

    private Throwable failure(String route) {
        return template.request(route, exchange -> {}).getException();
    }

    private static Processor answer(int status, String body) {
        return exchange -> {
            exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
            exchange.getMessage().setBody(body);
        };
    }
}
