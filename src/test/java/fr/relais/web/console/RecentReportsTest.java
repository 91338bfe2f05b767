package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import fr.relais.report.MonthlyReports;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class RecentReportsTest {

    @Test
    void a_failure_to_add_up_the_views_leaves_reports_without_totals_and_is_not_logged_with_its_text() {
        Relais relais = mock();
        MonthlyReports pipeline = mock();
        MonthlyReports visitors = mock();
        when(relais.pipelineReports()).thenReturn(pipeline);
        when(relais.reports()).thenReturn(visitors);
        when(pipeline.last(anyInt())).thenThrow(new IllegalStateException("part of an offer"));
        when(visitors.lastStored(anyInt())).thenReturn(List.of());
        Queue<LogRecord> logged = new ConcurrentLinkedQueue<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                logged.add(entry);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger caffeine = Logger.getLogger("com.github.benmanes.caffeine");
        caffeine.addHandler(handler);
        try {
            RecentReports.Reading reading = new RecentReports().read(relais);

            assertThat(reading.isCounted()).isFalse();
            assertThat(logged).isEmpty();
        } finally {
            caffeine.removeHandler(handler);
        }
    }
}
