package fr.relais.routes;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.SettingsRecord;
import fr.relais.audit.RunningAudit;
import fr.relais.audit.SelfAudits;
import fr.relais.source.OfferAnswer;
import fr.relais.source.SourceException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code 90-audit.camel.yaml} */
class SelfAuditRouteTest extends RouteTest {

    private static final OfferAnswer ANSWER = new OfferAnswer(204, null, null);

    private final SettingsRecord settings = mock(SettingsRecord.class);
    private final SelfAudits audits = mock(SelfAudits.class);
    private final RunningAudit audit = mock(RunningAudit.class);
    private final ExecutorService readers = Executors.newSingleThreadExecutor();

    SelfAuditRouteTest() {
        super("90-audit");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisSettingsRecord", settings);
        beans.bind("relaisSelfAudits", audits);
        beans.bind("relaisSourceReaders", readers);
        beans.bind("relaisDataSource", mock(javax.sql.DataSource.class));
    }

    @BeforeEach
    void replaceTheDatabaseAndTheSource() throws Exception {
        AdviceWith.adviceWith(context, "relais-self-audit", route -> route.weaveById("relais-to-select-random-offers")
                .replace()
                .to("mock:offers"));
        getMockEndpoint("mock:offers").whenAnyExchangeReceived(exchange -> exchange.getMessage()
                .setBody(List.of(Map.of("id", "1A", "content", "{}"), Map.of("id", "2B", "content", "{}"))));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:relais-ask-for-known-offer")
                        .errorHandler(noErrorHandler())
                        .to("mock:source");
            }
        });
        getMockEndpoint("mock:source").whenAnyExchangeReceived(exchange -> {
            if ("2B".equals(exchange.getVariable("offerId"))) {
                throw new SourceException.Unavailable("no answer");
            }
            exchange.getMessage().setBody(ANSWER);
        });
    }

    @AfterEach
    void stopReaders() {
        readers.shutdownNow();
    }

    @Test
    void the_settings_are_recorded_when_the_service_starts() throws Exception {
        template.sendBody(trigger("relais-record-settings-on-start"), null);

        verify(settings).addChange();
    }

    @Test
    void each_offer_is_compared_with_the_answer_of_the_source() throws Exception {
        when(audits.begin()).thenReturn(audit);

        template.sendBody(trigger("relais-self-audit-by-schedule"), null);

        verify(audits).compare(audit, ANSWER, "1A", "{}");
        verify(audits).recordUnanswered(audit);
        verify(audits).end(audit);
    }

    @Test
    void nothing_is_asked_when_another_process_audits() throws Exception {
        MockEndpoint source = getMockEndpoint("mock:source");
        source.expectedMessageCount(0);

        template.sendBody("direct:relais-self-audit", null);

        MockEndpoint.assertIsSatisfied(context);
        verify(audits, never()).end(any());
    }
}
