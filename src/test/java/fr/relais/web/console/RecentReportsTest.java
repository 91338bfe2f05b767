package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportState;
import java.time.YearMonth;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentReportsTest {

    private final Relais relais = mock();
    private final MonthlyReports pipeline = mock();
    private final MonthlyReports visitors = mock();

    @BeforeEach
    void start() {
        Relais overPipeline = mock();
        when(relais.overPipeline()).thenReturn(overPipeline);
        when(overPipeline.reports()).thenReturn(pipeline);
        when(relais.reports()).thenReturn(visitors);
    }

    @Test
    void only_the_totals_of_an_open_month_are_cached() {
        MonthlyReport open = report(ReportState.OPEN);
        MonthlyReport counted = report(ReportState.OPEN);
        MonthlyReport sent = report(ReportState.ACCEPTED);
        when(visitors.lastStored(anyInt())).thenReturn(List.of(open));
        when(pipeline.last(anyInt())).thenReturn(List.of(counted));
        RecentReports reports = new RecentReports();

        await().until(() -> reports.read(relais).isCounted());
        assertThat(reports.read(relais).reports()).containsExactly(counted);
        when(visitors.lastStored(anyInt())).thenReturn(List.of(sent));
        assertThat(reports.read(relais)).isEqualTo(new RecentReports.Reading(List.of(sent), true));
        verify(pipeline, times(1)).last(anyInt());
    }

    private static MonthlyReport report(ReportState state) {
        MonthlyReport report = mock();
        when(report.month()).thenReturn(YearMonth.of(2026, 1));
        when(report.state()).thenReturn(state);
        return report;
    }

    @Test
    void a_failure_to_add_up_the_views_leaves_reports_without_totals_and_is_not_logged_with_its_text() {
        when(pipeline.last(anyInt())).thenThrow(new IllegalStateException("part of an offer"));
        MonthlyReport open = report(ReportState.OPEN);
        when(visitors.lastStored(anyInt())).thenReturn(List.of(open));
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
            assertThat(reading.reports()).containsExactly(open);
            assertThat(logged).isEmpty();
        } finally {
            caffeine.removeHandler(handler);
        }
    }
}
