package fr.relais.web.console;

import fr.relais.slice.SliceState;
import fr.relais.slice.SliceSummary;
import fr.relais.sweep.SweepDay;
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
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.context.MessageSource;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The pages of the sweeps: the progress of the current one, the last ones with their counts, and each one's slices. */
@Controller
class SweepsPage extends ConsolePage {

    private static final int SWEEPS = 50;
    private static final int DAYS = 90;

    private final Site site;
    private final MessageSource messages;
    private final Clock clock = Clock.systemUTC();

    SweepsPage(Site site, MessageSource messages) {
        super("sweeps", 10);
        this.site = site;
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
        LocalDate last = LocalDate.now(clock);
        LocalDate first = last.minusDays(DAYS - 1);
        List<SweepDay> days = site.relais().sweeps().days(first);
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
                                List.of(
                                        series("sweep.created", days, SweepDay::created, locale),
                                        series("sweep.updated", days, SweepDay::updated, locale),
                                        series("sweep.removed", days, SweepDay::removed, locale)),
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
                                List.of(series("sweep.duration", days, SweepDay::minutes, locale)),
                                words)
                        .toHtml());
    }

    private TimePlot.Series series(String key, List<SweepDay> days, Function<SweepDay, Number> value, Locale locale) {
        return new TimePlot.Series(text(key, locale), days.stream().collect(Collectors.toMap(SweepDay::day, value)));
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
