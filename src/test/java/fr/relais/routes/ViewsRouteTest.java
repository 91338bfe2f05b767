package fr.relais.routes;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.failure.TriggerFailed;
import fr.relais.views.RejectedView;
import fr.relais.views.View;
import fr.relais.views.ViewFiles;
import fr.relais.views.ViewParser;
import fr.relais.views.Views;
import java.io.File;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.camel.spi.Registry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.QueryTimeoutException;

/** {@code 50-views.camel.yaml} */
class ViewsRouteTest extends RouteTest {

    private static final String EVENT = "{\"offerId\":\"123ABCD\",\"at\":\"2026-11-10T11:00:00Z\"}";
    private static final View VIEW = new View("123ABCD", Instant.parse("2026-11-10T11:00:00Z"), null, null);

    private final Views views = mock(Views.class);
    private final ViewFiles files = mock(ViewFiles.class);

    ViewsRouteTest() {
        super("50-views");
    }

    @Override
    protected Map<String, String> settings() {
        return Map.of("relais.views.folder", "views", "relais.views.uri", "direct:queue");
    }

    @Override
    protected void bind(Registry beans) {
        beans.bind("relaisViews", views);
        beans.bind("relaisViewFiles", files);
        beans.bind("relaisViewParser", new ViewParser());
    }

    @Test
    void views_are_counted_for_the_api_key_that_reports_them() {
        Views.Counted counted = new Views.Counted(1, 0, 0);
        when(views.count(List.of(VIEW), "site")).thenReturn(counted);

        assertThat(fluentTemplate
                        .to("direct:relais-take-views")
                        .withVariable("reporter", "site")
                        .withBody(EVENT)
                        .request())
                .isEqualTo(counted);
    }

    @Test
    void one_or_many_views_are_counted_from_text_and_from_bytes() {
        Views.Counted counted = new Views.Counted(1, 0, 0);
        when(views.count(List.of(VIEW), null)).thenReturn(counted);

        assertThat(template.requestBody("direct:relais-take-views", EVENT)).isEqualTo(counted);
        assertThat(template.requestBody("direct:relais-take-views", ("[" + EVENT + "]").getBytes(ISO_8859_1)))
                .isEqualTo(counted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ | this is not JSON: line 1",
                "{}{} | this is not JSON: line 1, column 3",
                "`` | this is not JSON",
                "{\"secret\":é} | this is not JSON",
                "[{\"offerId\":\"1\",\"at\":\"2026-01-01T00:00:00Z\"},7] | event 2: not a JSON object"
            })
    void a_message_with_an_invalid_view_is_rejected_completely_and_not_quoted(String json, String reason) {
        assertThatThrownBy(() -> template.requestBody("direct:relais-take-views", json.getBytes(ISO_8859_1)))
                .cause()
                .isInstanceOf(RejectedView.class)
                .hasMessageStartingWith(reason)
                .hasMessageNotContaining("secret");

        verify(views, never()).count(any(), any());
    }

    @Test
    void invalid_messages_are_dropped_and_those_that_cannot_be_counted_now_stay_in_the_queue() {
        template.sendBody("direct:queue", "not JSON");
        verify(views, never()).count(any(), any());

        when(views.count(List.of(VIEW), null)).thenThrow(new QueryTimeoutException("the database is down"));
        assertThatThrownBy(() -> template.sendBody("direct:queue", EVENT)).hasCauseInstanceOf(TriggerFailed.class);
    }

    @Test
    void a_file_that_cannot_be_counted_now_stays_in_the_folder() throws Exception {
        File file = new File("views.ndjson");
        when(files.count(file))
                .thenThrow(new QueryTimeoutException("the database is down"))
                .thenReturn("views.ndjson: 1 lines rejected");
        String folder = trigger("relais-views-from-folder");

        assertThatThrownBy(() -> template.sendBody(folder, file)).hasCauseInstanceOf(TriggerFailed.class);
        template.sendBody(folder, file);
        verify(files, times(2)).count(file);
    }

    @Test
    void the_timer_deletes_old_keys() throws Exception {
        template.sendBody(trigger("relais-view-keys-by-timer"), null);

        verify(views).deleteOldKeys();
    }
}
