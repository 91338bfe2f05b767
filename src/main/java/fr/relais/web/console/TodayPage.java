package fr.relais.web.console;

import fr.relais.report.ReportState;
import fr.relais.settings.DisplaySettings;
import fr.relais.settings.Settings;
import fr.relais.sweep.Freshness;
import fr.relais.sweep.SweepState;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.Site;
import fr.relais.web.console.plot.Gauge;
import fr.relais.web.console.plot.PlotWords;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.TimeZone;
import java.util.stream.Stream;
import org.quartz.CronExpression;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** The first page of the console: what needs a person, and the state of the mirror. */
@Controller
class TodayPage extends ConsolePage {

    /** The number of sweeps among which a proved one is looked for. */
    private static final int SWEEPS = 10;

    /** Counts events that wait, up to a bound that keeps the query short. */
    private static final String WAITING =
            "select count(*) from (select 1 from outbox where not delivered limit 10000) waiting";

    private final Site site;
    private final Notices notices;
    private final Settings settings;
    private final JdbcTemplate jdbc;
    private final MessageSource messages;
    private final Clock clock = Clock.systemUTC();

    TodayPage(
            Site site,
            Notices notices,
            Settings settings,
            @Qualifier("webJdbc") JdbcTemplate jdbc,
            MessageSource messages) {
        super("today", 0);
        this.site = site;
        this.notices = notices;
        this.settings = settings;
        this.jdbc = jdbc;
        this.messages = messages;
    }

    @GetMapping("/console")
    String page(Model model) {
        return show(model);
    }

    @Override
    void fill(Model model) {
        List<SweepSummary> sweeps = site.relais().sweeps().last(SWEEPS);
        model.addAttribute("notices", notices.read());
        model.addAttribute("freshness", site.freshness());
        model.addAttribute("display", site.display());
        model.addAttribute("gauge", gauge(locale(model)));
        model.addAttribute("account", site.relais().account().status());
        model.addAttribute("sweep", sweeps.isEmpty() ? null : sweeps.get(0));
        model.addAttribute("progress", site.relais().progress());
        model.addAttribute(
                "nextSweep", next(settings.placeholders().getProperty("relais.sweep.cron"), clock.instant()));
        model.addAttribute("nextReport", site.relais().reports().next().orElse(null));
        model.addAttribute("now", clock.instant());
        model.addAttribute(
                "lastReport",
                site.relais().reports().lastStored(2).stream()
                        .filter(report -> report.state() != ReportState.OPEN)
                        .findFirst()
                        .orElse(null));
        model.addAttribute("reportTo", settings.report().to());
        model.addAttribute(
                "proved",
                sweeps.stream()
                        .filter(sweep -> sweep.state() == SweepState.PROVED)
                        .findFirst()
                        .orElse(null));
        model.addAttribute("events", settings.events().hasEndpoint() ? jdbc.queryForObject(WAITING, Long.class) : null);
    }

    /** Draws the age of the mirror; null when a limit of zero leaves nothing to draw. */
    private String gauge(Locale locale) {
        Duration age = site.freshness().age();
        DisplaySettings display = site.display();
        return display.bannerAfter().isZero()
                ? null
                : new Gauge(
                                "age",
                                messages.getMessage("today.mirror", null, locale),
                                age == null ? null : age.abs(),
                                display.bannerAfter(),
                                display.withdrawAfter(),
                                Stream.of(Freshness.State.values())
                                        .map(state -> messages.getMessage("freshness." + state, null, locale))
                                        .toList(),
                                PlotWords.of(messages, locale))
                        .toHtml();
    }

    /** Returns the next time of a schedule in the time zone of France, or null when there is none. */
    static Instant next(String cron, Instant now) {
        try {
            CronExpression schedule = new CronExpression(cron);
            schedule.setTimeZone(TimeZone.getTimeZone(Format.ZONE));
            Date next = schedule.getNextValidTimeAfter(Date.from(now));
            return next == null ? null : next.toInstant();
        } catch (ParseException e) {
            throw new IllegalStateException("the settings were checked at the start", e);
        }
    }
}
