package fr.relais.web.console;

import fr.relais.failure.Failures;
import fr.relais.failure.RelaisException;
import fr.relais.report.MonthUnavailable;
import fr.relais.report.MonthlyReport;
import fr.relais.report.MonthlyReports;
import fr.relais.report.ReportMail;
import fr.relais.report.ReportState;
import fr.relais.settings.ReportSettings;
import fr.relais.settings.Settings;
import fr.relais.views.ViewDay;
import fr.relais.web.Site;
import fr.relais.web.console.plot.PlotWords;
import fr.relais.web.console.plot.TimePlot;
import java.net.URI;
import java.security.Principal;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.MessageSource;
import org.springframework.core.task.TaskExecutor;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/**
 * The page of the reports and the views: the views of each day, and the report of each month. A page below it shows the
 * CSV of a month, which a person can have sent again or mark as delivered, as the command {@code report} does.
 */
@Controller
class ReportsPage extends ConsolePage {

    private static final String MONTH = "{month:\\d{4}-(?:0[1-9]|1[0-2])}";
    private static final int DAYS = 90;
    private static final int ALL = 1_200;

    /** What an action may have led to. The texts are {@code report.result.*}. */
    private static final List<String> RESULTS = List.of("resend", "delivered", "unavailable", "changed");

    private final Site site;
    private final ReportSettings settings;
    private final MessageSource messages;
    private final TaskExecutor executor;
    private final RecentReports reports;
    private final SlowValues<YearMonth, ReportPreview> previews;

    ReportsPage(
            Site site,
            Settings settings,
            RecentReports reports,
            MessageSource messages,
            @Qualifier("applicationTaskExecutor") TaskExecutor executor) {
        super("reports", 30);
        this.site = site;
        this.settings = settings.report();
        this.reports = reports;
        this.messages = messages;
        this.executor = executor;
        this.previews = new SlowValues<>(
                month -> ReportPreview.of(site.relais().overPipeline().reports(), month));
    }

    @GetMapping("/console/reports")
    String page(Model model, Locale locale) {
        model.addAttribute("plot", plot(site.relais().views().lastDays(DAYS), locale));
        return show(model);
    }

    @Override
    void fill(Model model) {
        RecentReports.Reading recent = reports.read(site.relais());
        model.addAttribute("reports", recent.reports());
        model.addAttribute("reportsAreCounted", recent.isCounted());
    }

    /** @param days the views of each day, in order */
    private String plot(List<ViewDay> days, Locale locale) {
        Map<LocalDate, Long> visitors = new TreeMap<>();
        Map<LocalDate, Long> robots = new TreeMap<>();
        days.forEach(day -> {
            visitors.put(day.day(), day.views() - day.robots());
            robots.put(day.day(), day.robots());
        });
        LocalDate today = LocalDate.now(settings.zone());
        return new TimePlot(
                        "views",
                        messages.getMessage("reports.plot", null, locale),
                        messages.getMessage("reports.plot.text", new Object[] {DAYS}, locale),
                        TimePlot.Form.STACKED_BARS,
                        days.isEmpty() ? today : days.get(0).day(),
                        days.isEmpty() ? today : days.get(days.size() - 1).day(),
                        List.of(
                                new TimePlot.Series(messages.getMessage("reports.visitors", null, locale), visitors),
                                new TimePlot.Series(messages.getMessage("reports.robots", null, locale), robots)),
                        PlotWords.of(messages, locale))
                .toHtml();
    }

    @GetMapping("/console/reports/" + MONTH)
    String month(@PathVariable YearMonth month, @RequestParam(defaultValue = "") String result, Model model) {
        Optional<MonthlyReport> stored = stored(month);
        if (stored.isEmpty()) {
            return show(model);
        }
        Optional<ReportPreview> preview = previews.get(month);
        addReport(stored.get(), model);
        model.addAttribute("counted", preview.map(ReportPreview::report).orElse(stored.get()));
        model.addAttribute("isCounted", preview.isPresent() || stored.get().state() != ReportState.OPEN);
        model.addAttribute("preview", preview.orElse(null));
        model.addAttribute("result", RESULTS.contains(result) ? result : "");
        return "console/report";
    }

    private void addReport(MonthlyReport report, Model model) {
        model.addAttribute("report", report);
        model.addAttribute("settings", settings);
        model.addAttribute("subject", ReportMail.subject(report.month(), settings.licensee()));
        model.addAttribute("canResend", isOver(report.month()) && !report.countsDeleted());
        model.addAttribute("canBeDelivered", report.state() != ReportState.OPEN && !report.isSent());
    }

    private boolean isOver(YearMonth month) {
        return month.isBefore(YearMonth.now(settings.zone()));
    }

    /** Returns the CSV, which may take seconds, over the pipeline's connections. */
    @GetMapping("/console/reports/" + MONTH + "/csv")
    ResponseEntity<byte[]> csv(@PathVariable YearMonth month) {
        MonthlyReports all = site.relais().overPipeline().reports();
        MonthlyReport report;
        byte[] csv;
        try {
            report = all.of(month);
            csv = all.csv(report);
        } catch (RelaisException e) {
            // The page of the month says why there is no CSV.
            return ResponseEntity.status(HttpStatus.SEE_OTHER)
                    .location(URI.create(path(month)))
                    .build();
        }
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType("text/csv;charset=UTF-8"))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(report.fileName())
                                .build()
                                .toString())
                .body(csv);
    }

    @GetMapping("/console/reports/" + MONTH + "/{action:resend|delivered}")
    String confirm(@PathVariable YearMonth month, @PathVariable String action, Model model) {
        Optional<MonthlyReport> stored = stored(month);
        if (stored.isEmpty()) {
            return show(model);
        }
        addReport(stored.get(), model);
        model.addAttribute("action", action);
        return Boolean.TRUE.equals(model.getAttribute(action.equals("resend") ? "canResend" : "canBeDelivered"))
                ? "console/report-confirm"
                : Actions.show(path(month), "unavailable");
    }

    /**
     * Does what the command {@code report} does with the option of the same name.
     *
     * @param state the state that the person has seen
     * @param attempts the number of attempts that the person has seen
     */
    @PostMapping("/console/reports/" + MONTH + "/{action:resend|delivered}")
    String act(
            @PathVariable YearMonth month,
            @PathVariable String action,
            @RequestParam String state,
            @RequestParam int attempts,
            Principal operator) {
        Optional<MonthlyReport> stored = stored(month);
        if (stored.isEmpty()) {
            return "redirect:" + path();
        }
        if (!stored.get().state().toString().equals(state) || stored.get().attempts() != attempts) {
            return Actions.show(path(month), "changed");
        }
        try {
            site.relais().overPipeline().reports().freeze(month);
            if (action.equals("resend")) {
                if (!resend(stored.get(), operator)) {
                    return Actions.show(path(month), "changed");
                }
            } else {
                site.relais().overPipeline().reports().markDelivered(month, operator.getName());
                Actions.LOG.info("{} marked the report of {} as delivered", operator.getName(), month);
            }
        } catch (MonthUnavailable e) {
            return Actions.show(path(month), "unavailable");
        } finally {
            previews.forget(month);
        }
        return Actions.show(path(month), action);
    }

    /**
     * Sends a report again, in the background because a mail server may take a minute.
     *
     * @param seen the report as the person has seen it, frozen since if it was open
     * @return false when the report has changed since
     */
    private boolean resend(MonthlyReport seen, Principal operator) {
        YearMonth month = seen.month();
        Optional<MonthlyReport> report = site.relais()
                .overPipeline()
                .reports()
                .prepareResend(
                        month,
                        seen.state() == ReportState.OPEN ? ReportState.PREPARED : seen.state(),
                        seen.attempts(),
                        operator.getName());
        if (report.isEmpty()) {
            return false;
        }
        Actions.LOG.info("{} had the report of {} sent again", operator.getName(), month);
        executor.execute(() -> {
            try {
                site.relais().send(report.get());
            } catch (RuntimeException e) {
                Actions.LOG.warn("The report of {} could not be sent: {}", month, Failures.types(e));
            }
        });
        return true;
    }

    private String path(YearMonth month) {
        return path() + "/" + month;
    }

    /** Returns a report without the totals of an open month, which would take too long. */
    private Optional<MonthlyReport> stored(YearMonth month) {
        return site.relais().reports().lastStored(ALL).stream()
                .filter(report -> report.month().equals(month))
                .findFirst();
    }
}
