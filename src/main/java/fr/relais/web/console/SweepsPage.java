package fr.relais.web.console;

import fr.relais.slice.SliceState;
import fr.relais.slice.SliceSummary;
import fr.relais.sweep.SweepSummary;
import fr.relais.web.Site;
import fr.relais.web.console.plot.PlotWords;
import fr.relais.web.console.plot.TimeBars;
import fr.relais.web.console.plot.TimePlot;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.MessageSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The pages of the sweeps: the progress of the current one, the last ones with their counts, and each one's slices. */
@Controller
class SweepsPage extends ConsolePage {

    private static final int SWEEPS = 50;
    private static final int DAYS = 90;

    /** What the sweeps of a day have changed, and how long they took on average. Days are in UTC. */
    private static final String BY_DAY = """
            select date(started_at) as day, sum(created) as created, sum(updated) as updated, sum(removed) as removed,
                   avg(timestampdiff(second, started_at, ended_at)) / 60 as minutes
            from sweep where started_at >= ? and ended_at is not null group by date(started_at)""";

    private static final List<String> CHANGES = List.of("created", "updated", "removed");

    private final Site site;
    private final JdbcTemplate jdbc;
    private final MessageSource messages;
    private final Clock clock = Clock.systemUTC();

    SweepsPage(Site site, @Qualifier("webJdbc") JdbcTemplate jdbc, MessageSource messages) {
        super("sweeps", 10);
        this.site = site;
        this.jdbc = jdbc;
        this.messages = messages;
    }

    @GetMapping("/console/sweeps")
    String page(Model model) {
        addPlots(model);
        return show(model);
    }

    @Override
    void fill(Model model) {
        model.addAttribute("sweeps", site.relais().sweeps().last(SWEEPS));
        model.addAttribute("progress", site.relais().progress());
    }

    @GetMapping("/console/sweeps/{id:\\d{1,18}}")
    String sweep(@PathVariable long id, Model model, HttpServletResponse response) {
        Optional<SweepSummary> sweep = site.relais().sweeps().find(id);
        if (sweep.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return "console/absent";
        }
        List<SliceSummary> slices = site.relais().slices().of(id);
        model.addAttribute("sweep", sweep.get());
        model.addAttribute(
                "slices", slices.isEmpty() ? null : bars(slices, locale(model)).toHtml());
        return "console/sweep";
    }

    private void addPlots(Model model) {
        Map<String, Map<LocalDate, Number>> values = new LinkedHashMap<>();
        Stream.concat(CHANGES.stream(), Stream.of("minutes")).forEach(name -> values.put(name, new LinkedHashMap<>()));
        LocalDate last = LocalDate.now(clock);
        LocalDate first = last.minusDays(DAYS - 1);
        jdbc.query(
                BY_DAY,
                row -> {
                    LocalDate day = row.getObject("day", LocalDate.class);
                    for (Map.Entry<String, Map<LocalDate, Number>> series : values.entrySet()) {
                        series.getValue().put(day, row.getDouble(series.getKey()));
                    }
                },
                first);
        Locale locale = locale(model);
        PlotWords words = PlotWords.of(messages, locale);
        model.addAttribute(
                "changes",
                new TimePlot(
                                "changes",
                                text("sweeps.plot.changes", locale),
                                text("sweeps.plot.changes.text", locale),
                                TimePlot.Form.STACKED_BARS,
                                first,
                                last,
                                CHANGES.stream()
                                        .map(name ->
                                                new TimePlot.Series(text("sweep." + name, locale), values.get(name)))
                                        .toList(),
                                words)
                        .toHtml());
        model.addAttribute(
                "durations",
                new TimePlot(
                                "durations",
                                text("sweeps.plot.minutes", locale),
                                text("sweeps.plot.minutes.text", locale),
                                TimePlot.Form.LINES,
                                first,
                                last,
                                List.of(new TimePlot.Series(text("sweep.duration", locale), values.get("minutes"))),
                                words)
                        .toHtml());
    }

    private TimeBars bars(List<SliceSummary> slices, Locale locale) {
        return new TimeBars(
                "slices",
                text("sweep.slices", locale),
                text("sweep.slices.text", locale),
                Stream.of(SliceState.values())
                        .map(state -> text("slice." + state, locale))
                        .toList(),
                slices.stream().map(SweepsPage::bar).toList(),
                clock.instant(),
                Format.ZONE,
                new TimeBars.Columns(
                        text("slice.label", locale),
                        text("slice.from", locale),
                        text("slice.to", locale),
                        text("slice.state", locale),
                        text("slice.reason", locale)),
                PlotWords.of(messages, locale));
    }

    private static TimeBars.Bar bar(SliceSummary slice) {
        return new TimeBars.Bar(
                slice.origine() + ": " + day(slice.createdFrom()) + "–" + day(slice.createdTo()) + " " + slice.facets(),
                slice.readFrom(),
                slice.readTo(),
                slice.state().ordinal(),
                slice.reason() == null ? "" : slice.reason());
    }

    private static LocalDate day(Instant time) {
        return time.atZone(ZoneOffset.UTC).toLocalDate();
    }

    private String text(String key, Locale locale) {
        return messages.getMessage(key, null, locale);
    }
}
