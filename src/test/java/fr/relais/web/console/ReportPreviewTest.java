package fr.relais.web.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import java.nio.charset.StandardCharsets;
import java.time.YearMonth;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class ReportPreviewTest {

    private static final YearMonth MONTH = YearMonth.of(2026, 1);

    @Test
    void only_the_first_lines_are_shown_and_all_lines_are_counted() {
        ReportPreview preview = preview("\uFEFFm;é\r\n" + "m;1\r\n".repeat(24));

        assertThat(preview.lines()).startsWith("m;é", "m;1").hasSize(20);
        assertThat(preview.total()).isEqualTo(25);
        assertThat(preview.text()).isEqualTo("m;é\n" + String.join("\n", Collections.nCopies(19, "m;1")));
    }

    @Test
    void a_short_file_is_shown_whole() {
        ReportPreview preview = preview("\uFEFFm;n\r\nm;0\r\n");

        assertThat(preview.lines()).containsExactly("m;n", "m;0");
        assertThat(preview.total()).isEqualTo(2);
    }

    private static ReportPreview preview(String csv) {
        MonthlyReports reports = mock();
        MonthlyReport report = mock();
        when(reports.of(MONTH)).thenReturn(report);
        when(reports.csv(report)).thenReturn(csv.getBytes(StandardCharsets.UTF_8));
        return ReportPreview.of(reports, MONTH);
    }
}
