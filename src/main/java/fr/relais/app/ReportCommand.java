package fr.relais.app;

import fr.relais.Relais;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportState;
import fr.relais.watch.Alerts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command {@code report}. */
@Command(
        name = "report",
        description =
                "Prints the report of a month as CSV, or mails it. Exits with 0 (done), 1 (failed) or 2 (not sent).")
class ReportCommand extends RelaisCommand {

    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int NOT_SENT = 2;

    @Parameters(paramLabel = "YYYY-MM", description = "The month, in the time zone relais.report.zone.")
    private YearMonth month;

    @ArgGroup
    private Destination destination = new Destination();

    /** The options that say where the report goes. At most one may be given; without one, the CSV is printed. */
    private static final class Destination {

        @Option(names = "--to", paramLabel = "FILE", description = "Writes the CSV to a file instead of printing it.")
        private Path file;

        @Option(names = "--send", description = "Mails the report now, unless it has been mailed already.")
        private boolean send;

        @Option(
                names = "--resend",
                description = "Mails the same report again, whether or not it has arrived. The recipient may receive"
                        + " it twice.")
        private boolean resend;

        @Option(names = "--delivered", description = "Records that the recipient has the report. It is not mailed.")
        private boolean delivered;
    }

    @Mixin
    private Person by;

    @Override
    int run(Relais relais) throws IOException {
        MonthlyReports reports = relais.reports();
        if (destination.send || destination.resend || destination.delivered) {
            return send(relais, reports);
        }
        MonthlyReport report = reports.of(month);
        byte[] csv = reports.csv(report);
        if (destination.file == null) {
            System.out.write(csv);
            System.out.flush();
            return DONE;
        }
        return write(csv, report);
    }

    private int write(byte[] csv, MonthlyReport report) {
        try {
            Files.write(destination.file, csv);
        } catch (IOException e) {
            System.err.println("The file cannot be written: " + e + "\nGive another file with --to.");
            return FAILED;
        }
        System.out.println(destination.file + ": " + describe(report));
        return DONE;
    }

    private int send(Relais relais, MonthlyReports reports) {
        MonthlyReport report = reports.freeze(month);
        if (destination.resend) {
            report = reports.prepareResend(month, by.name);
        } else if (destination.delivered) {
            report = reports.markDelivered(month, by.name);
        }
        if (report.state() == ReportState.PREPARED) {
            relais.send(report);
            report = reports.of(month);
        }
        System.out.println(describe(report));
        if (!report.isSent()) {
            System.err.println(Alerts.unsentReport(report));
        }
        return report.isSent() ? DONE : NOT_SENT;
    }

    private static String describe(MonthlyReport report) {
        return "Report of " + report.month() + " " + report.state() + ": " + report.views() + " views of "
                + report.offers() + " offers"
                + (report.reply() == null
                        ? ""
                        : "; the mail server said: " + report.reply().strip());
    }
}
