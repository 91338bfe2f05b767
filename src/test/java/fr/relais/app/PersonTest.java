package fr.relais.app;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.RETURNS_DEEP_STUBS;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import fr.relais.report.ReportState;
import java.time.YearMonth;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Commands about reports and removals tell Relais who decides. */
class PersonTest {

    private static final YearMonth OCTOBER = YearMonth.of(2026, 10);
    private static final String USER = System.getProperty("user.name");

    private final Relais relais = mock(Relais.class, RETURNS_DEEP_STUBS);

    @BeforeEach
    void acceptReports() {
        MonthlyReport report = mock();
        when(report.isSent()).thenReturn(true);
        when(report.state()).thenReturn(ReportState.ACCEPTED);
        when(relais.reports().freeze(any())).thenReturn(report);
        when(relais.reports().prepareResend(any(), any())).thenReturn(report);
        when(relais.reports().markDelivered(any(), any())).thenReturn(report);
    }

    @Test
    void who_sends_a_report_again_is_named_or_the_user_of_the_system() throws Exception {
        parse(new ReportCommand(), "2026-10", "--resend", "--by", "anna").run(relais);
        verify(relais.reports()).prepareResend(OCTOBER, "anna");

        parse(new ReportCommand(), "2026-10", "--resend").run(relais);
        verify(relais.reports()).prepareResend(OCTOBER, USER);
    }

    @Test
    void who_marks_a_report_as_delivered_is_named_or_the_user_of_the_system() throws Exception {
        parse(new ReportCommand(), "2026-10", "--delivered", "--by", "anna").run(relais);
        verify(relais.reports()).markDelivered(OCTOBER, "anna");

        parse(new ReportCommand(), "2026-10", "--delivered").run(relais);
        verify(relais.reports()).markDelivered(OCTOBER, USER);
    }

    @Test
    void who_approves_removals_is_named_or_the_user_of_the_system() {
        parse(new ApproveRemovalsCommand(), "42", "--by", "anna").sweep(relais);
        verify(relais).approveRemovals(42, "anna");

        parse(new ApproveRemovalsCommand(), "42").sweep(relais);
        verify(relais).approveRemovals(42, USER);
    }

    private static <T> T parse(T command, String... arguments) {
        new CommandLine(command).parseArgs(arguments);
        return command;
    }
}
