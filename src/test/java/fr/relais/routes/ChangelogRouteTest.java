package fr.relais.routes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.inOrder;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.changelog.Changelog;
import fr.relais.changelog.Document;
import fr.relais.changelog.Edition;
import fr.relais.changelog.Publication;
import java.net.ConnectException;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;
import org.mockito.InOrder;

/** {@code 70-changelog.camel.yaml} */
class ChangelogRouteTest extends RouteTest {

    private static final Edition EDITION = new Edition(
            "state",
            LocalDateTime.MAX,
            List.of(
                    new Document("modifications.csv", "text/csv", new byte[] {1}),
                    new Document("modifications.json", "application/json", new byte[] {2})));

    private final Changelog changelog = mock(Changelog.class);
    private final Publication publication = mock(Publication.class);

    ChangelogRouteTest() {
        super("70-changelog");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.changelog.uri", "mock:destination");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisChangelog", changelog);
        beans.bind("relaisPublication", publication);
    }

    @Test
    void each_document_is_sent_with_its_name_and_type_and_the_caller_keeps_its_body() throws Exception {
        when(publication.claimEdition()).thenReturn(EDITION);
        MockEndpoint destination = getMockEndpoint("mock:destination");
        destination.expectedBodiesReceived(new byte[] {1}, new byte[] {2});
        destination.expectedHeaderValuesReceivedInAnyOrder(
                Exchange.FILE_NAME, "modifications.csv", "modifications.json");
        destination.expectedHeaderValuesReceivedInAnyOrder(Exchange.CONTENT_TYPE, "text/csv", "application/json");

        assertThat(template.requestBody("direct:relais-publish-changelog", "summary of a sweep"))
                .isEqualTo("summary of a sweep");

        MockEndpoint.assertIsSatisfied(context);
        InOrder order = inOrder(changelog, publication);
        order.verify(changelog).recordMethod();
        order.verify(publication).claimEdition();
        order.verify(publication).markPublished(EDITION);
    }

    @Test
    void a_failed_document_ends_the_attempt_and_the_caller_continues() throws Exception {
        when(publication.claimEdition()).thenReturn(EDITION);
        AdviceWith.adviceWith(context, "relais-publish-document", route -> route.weaveById("relais-to-changelog")
                .replace()
                .to("mock:destination")
                .throwException(new ConnectException("no route to host")));
        getMockEndpoint("mock:destination").expectedMessageCount(1);

        assertThat(template.requestBody("direct:relais-publish-changelog", "summary of a sweep"))
                .isEqualTo("summary of a sweep");

        MockEndpoint.assertIsSatisfied(context);
        verify(publication).recordFailure(eq(EDITION), any(Exception.class));
        verify(publication, never()).markPublished(any());
    }

    @Test
    void without_the_database_no_edition_is_claimed_and_the_caller_continues() {
        doThrow(new IllegalStateException("the database is down"))
                .when(changelog)
                .recordMethod();

        template.sendBody("direct:relais-publish-changelog", null);

        verify(publication).recordFailure(eq(null), any(IllegalStateException.class));
    }

    @Test
    void the_timer_publishes_the_changelog() throws Exception {
        template.sendBody(trigger("relais-changelog-by-timer"), null);

        verify(publication).claimEdition();
    }
}
