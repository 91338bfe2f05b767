package fr.relais.web.console.plot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

/** The plots of the console. */
class PlotTest {

    private static final LocalDate FIRST = LocalDate.parse("2026-09-02");
    private static final LocalDate LAST = LocalDate.parse("2026-11-30");
    private static final ZoneId PARIS = ZoneId.of("Europe/Paris");
    private static final Instant NOON = Instant.parse("2026-11-30T11:00:00Z");
    private static final PlotWords ENGLISH = new PlotWords(Locale.ENGLISH, "Day", "Figures", "no figures yet");
    private static final PlotWords FRENCH = new PlotWords(Locale.FRENCH, "Jour", "Chiffres", "pas encore de chiffres");
    private static final TimeBars.Columns COLUMNS = new TimeBars.Columns("Slice", "Start", "End", "State", "Reason");
    private static final Pattern STYLE = Pattern.compile("<style|\\sstyle=|<script|\\son[a-z]+=");

    @Test
    void the_table_has_every_figure_and_no_day_without_one() {
        Document plot = parse(plot(
                TimePlot.Form.STACKED_BARS,
                ENGLISH,
                new TimePlot.Series("Created", Map.of(FIRST, 1234, LAST, 0)),
                new TimePlot.Series("Removed", Map.of(LAST, 7))));

        assertThat(plot.select("thead th").eachText()).containsExactly("Day", "Created", "Removed");
        assertThat(rows(plot)).containsExactly(List.of("30 Nov 2026", "0", "7"), List.of("2 Sep 2026", "1,234", ""));
    }

    @Test
    void dates_and_numbers_are_in_the_language() {
        Document plot = parse(
                plot(TimePlot.Form.LINES, FRENCH, new TimePlot.Series("Créées", Map.of(FIRST, 25000, LAST, 1000))));

        assertThat(rows(plot).get(0)).containsExactly("30 nov. 2026", "1\u202F000");
        assertThat(plot.select(".relais-plot-time").eachText()).containsExactly("1 oct.", "1 nov.");
        assertThat(plot.select(".relais-plot-value").eachText()).containsExactly("0", "10 k", "20 k", "30 k");
    }

    @Test
    void a_day_without_a_value_interrupts_the_line_and_zero_does_not() {
        Map<LocalDate, Integer> values = new HashMap<>();
        FIRST.datesUntil(LAST).forEach(day -> values.put(day, 0));
        assertThat(parse(plot(TimePlot.Form.LINES, ENGLISH, new TimePlot.Series("Views", values)))
                        .select("polyline"))
                .hasSize(1);

        values.remove(FIRST.plusDays(40));

        assertThat(parse(plot(TimePlot.Form.LINES, ENGLISH, new TimePlot.Series("Views", values)))
                        .select("polyline"))
                .hasSize(2);
    }

    @Test
    void a_single_point_is_visible() {
        Document plot =
                parse(plot(TimePlot.Form.LINES, ENGLISH, new TimePlot.Series("Views", Map.of(FIRST.plusDays(3), 5))));

        assertThat(plot.select("polyline")).isEmpty();
        assertThat(plot.select(".relais-plot-day .relais-plot-marker")).hasSize(1);
        assertThat(plot.select(".relais-plot-day > title").eachText()).containsExactly("5 Sep 2026 Views: 5");
    }

    @Test
    void a_plot_without_figures_says_so() {
        for (TimePlot.Form form : TimePlot.Form.values()) {
            Document plot = parse(plot(form, ENGLISH, new TimePlot.Series("Views", Map.of())));
            assertThat(plot.select(".relais-plot-empty").text()).isEqualTo("no figures yet");
            assertThat(plot.select("details")).isEmpty();
        }
        assertThat(parse(bars(List.of())).select(".relais-plot-empty").text()).isEqualTo("no figures yet");
        assertThat(parse(gauge(null)).select("figcaption").text()).isEqualTo("Age: no figures yet");
    }

    @Test
    void a_drawing_has_a_name_and_a_description() {
        for (String html : List.of(
                plot(TimePlot.Form.LINES, ENGLISH, new TimePlot.Series("Views", Map.of(FIRST, 1))),
                bars(List.of(new TimeBars.Bar("1", NOON, null, 0, ""))),
                gauge(Duration.ofHours(3)))) {
            Document plot = parse(html);
            Element drawing = plot.selectFirst("svg[role=img]");
            assertThat(plot.getElementById(drawing.attr("aria-labelledby")).text())
                    .isNotBlank();
            assertThat(plot.getElementById(drawing.attr("aria-describedby")).text())
                    .isNotBlank();
        }
    }

    @Test
    void texts_are_escaped() {
        String bad = "<script>alert('1')</script>\" & \u0000\uD800";
        Document plot = parse(new TimePlot(
                        "views",
                        bad,
                        bad,
                        TimePlot.Form.STACKED_BARS,
                        FIRST,
                        LAST,
                        List.of(new TimePlot.Series(bad, Map.of(LAST, 1))),
                        ENGLISH)
                .toHtml());

        assertThat(plot.select("script")).isEmpty();
        assertThat(plot.select("figcaption").text()).isEqualTo("<script>alert('1')</script>\" & \uFFFD\uFFFD");
    }

    @Test
    void series_differ_by_more_than_their_colour() {
        TimePlot.Series[] series = Stream.of("a", "b", "c", "d", "e")
                .map(name -> new TimePlot.Series(name, Map.of(FIRST, 1)))
                .toArray(TimePlot.Series[]::new);

        Document lines = parse(plot(TimePlot.Form.LINES, ENGLISH, series));
        assertThat(lines.select(".relais-plot-day .relais-plot-marker").eachAttr("d"))
                .doesNotHaveDuplicates()
                .hasSize(5);
        assertThat(lines.select("li").eachText()).containsExactly("a", "b", "c", "d", "e");
        Document stacked = parse(plot(TimePlot.Form.STACKED_BARS, ENGLISH, series));
        assertThat(stacked.select("pattern")).extracting(Element::html).doesNotHaveDuplicates();
        assertThat(stacked.select(".relais-plot-day .relais-plot-bar").eachAttr("fill"))
                .containsExactlyElementsOf(stacked.select("pattern").eachAttr("id").stream()
                        .map(id -> "url(#" + id + ")")
                        .toList());
    }

    @Test
    void a_bar_that_goes_on_ends_now_and_one_that_has_not_started_has_only_a_row() {
        Document plot = parse(bars(List.of(
                new TimeBars.Bar("first", NOON.minusSeconds(60), NOON.minusSeconds(30), 0, ""),
                new TimeBars.Bar("second", NOON.minusSeconds(30), null, 1, "slow"),
                new TimeBars.Bar("third", null, null, 1, ""))));

        assertThat(plot.select(".relais-plot-row .relais-plot-bar").eachAttr("x"))
                .containsExactly("0%", "50%");
        assertThat(plot.select(".relais-plot-row .relais-plot-bar").eachAttr("width"))
                .containsExactly("50%", "50%");
        assertThat(plot.select(".relais-plot-running")).hasSize(1);
        assertThat(plot.select(".relais-plot-label").eachText()).containsExactly("first", "second", "third");
        assertThat(plot.select(".relais-plot-time").eachText())
                .containsExactly("11:59:00", "11:59:10", "11:59:20", "11:59:30", "11:59:40", "11:59:50", "12:00:00");
        assertThat(rows(plot).get(1)).containsExactly("second", "30 Nov 2026 11:59:30", "", "read", "slow");
    }

    @Test
    void many_bars_have_no_labels() {
        List<TimeBars.Bar> bars = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            bars.add(new TimeBars.Bar("slice " + i, NOON.plusSeconds(i), NOON.plusSeconds(i + 1), 0, ""));
        }

        Document plot = parse(bars(bars));

        assertThat(plot.select(".relais-plot-row .relais-plot-bar")).hasSize(400);
        assertThat(plot.select(".relais-plot-label")).isEmpty();
        assertThat(plot.select("tbody tr")).hasSize(400);
    }

    @Test
    void a_gauge_says_its_zone_in_words() {
        assertThat(caption(Duration.ZERO)).isEqualTo("Age: 0 min (fresh)");
        assertThat(caption(Duration.ofHours(24).minusMillis(1))).isEqualTo("Age: 23 h 59 min (fresh)");
        assertThat(caption(Duration.ofHours(24))).isEqualTo("Age: 24 h (stale)");
        assertThat(caption(Duration.ofHours(48))).isEqualTo("Age: 48 h (withdrawn)");
        assertThat(caption(Duration.ofDays(400))).isEqualTo("Age: 9600 h (withdrawn)");
        assertThat(caption(Duration.ofHours(-3))).isEqualTo("Age: 0 min (fresh)");
        assertThat(parse(gauge(Duration.ofDays(400)))
                        .selectFirst("svg:has(> .relais-plot-pointer)")
                        .attr("x"))
                .isEqualTo("100%");
    }

    private static String caption(Duration age) {
        return parse(gauge(age)).select("figcaption").text();
    }

    @Test
    void what_cannot_be_drawn_is_refused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new TimePlot.Series("Views", Map.of(FIRST, Double.NaN)));
        assertThatIllegalArgumentException().isThrownBy(() -> plot(TimePlot.Form.LINES, LAST, FIRST, List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plot(TimePlot.Form.LINES, FIRST, FIRST.plusDays(1100), List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> plot(TimePlot.Form.LINES, FIRST, LAST, Arrays.asList(new TimePlot.Series[6])));
    }

    @Property(tries = 100)
    void every_plot_is_well_formed_and_stays_within_its_drawing(
            @ForAll TimePlot.Form form,
            @ForAll @IntRange(min = 1, max = 1100) int days,
            @ForAll @LongRange(min = -300_000, max = 300_000) long first,
            @ForAll("series") List<TimePlot.Series> series) {
        LocalDate start = LocalDate.ofEpochDay(first);
        List<TimePlot.Series> moved = series.stream()
                .map(one -> {
                    Map<LocalDate, Number> values = new TreeMap<>();
                    one.values()
                            .forEach((day, value) ->
                                    values.put(start.plusDays(Math.floorMod(day.toEpochDay(), (long) days)), value));
                    return new TimePlot.Series(one.name(), values);
                })
                .toList();

        assertWithin(plot(form, start, start.plusDays(days - 1), moved));
    }

    @Provide
    Arbitrary<List<TimePlot.Series>> series() {
        Arbitrary<Double> values = Arbitraries.oneOf(
                Arbitraries.doubles().between(-1e300, 1e300),
                Arbitraries.doubles().between(-10, 10),
                Arbitraries.integers().between(0, 5000).map(Integer::doubleValue));
        Arbitrary<LocalDate> days = Arbitraries.integers().between(0, 2000).map(day -> LocalDate.ofEpochDay(day));
        return Combinators.combine(
                        Arbitraries.strings().ofMaxLength(20),
                        Arbitraries.maps(days, values).ofMaxSize(30))
                .as((name, map) -> new TimePlot.Series(name, map))
                .list()
                .ofMaxSize(5);
    }

    @Property(tries = 100)
    void all_bars_stay_within_their_drawing(@ForAll("someBars") List<TimeBars.Bar> bars) {
        assertWithin(bars(bars));
    }

    @Provide
    Arbitrary<List<TimeBars.Bar>> someBars() {
        Arbitrary<Instant> times = Arbitraries.oneOf(
                        Arbitraries.longs().between(-100_000_000L, 100_000_000L),
                        Arbitraries.longs().between(-5000, 5000))
                .map(NOON::plusMillis)
                .injectNull(0.1);
        return Combinators.combine(
                        Arbitraries.strings().ofMaxLength(20),
                        times,
                        times,
                        Arbitraries.integers().between(0, 1))
                .as((label, start, end, kind) -> new TimeBars.Bar(label, start, end, kind, label))
                .list()
                .ofMaxSize(60);
    }

    @Property(tries = 200)
    void every_duration_stays_within_its_gauge(@ForAll @LongRange(min = -1000, max = 10_000_000) long minutes) {
        assertWithin(gauge(Duration.ofMinutes(minutes)));
    }

    @Property(tries = 500)
    void the_axis_has_few_round_ticks_that_contain_the_values(
            @ForAll double one, @ForAll double other, @ForAll boolean isWhole) {
        ValueAxis axis = ValueAxis.of(Math.min(one, other), Math.max(one, other), isWhole);

        assertThat(axis.ticks().length).isBetween(2, 7);
        for (int i = 1; i < axis.ticks().length; i++) {
            assertThat(axis.ticks()[i]).isGreaterThan(axis.ticks()[i - 1]);
            assertThat(axis.position(axis.ticks()[i])).isLessThan(axis.position(axis.ticks()[i - 1]));
        }
        assertThat(axis.ticks()).contains(0);
        assertThat(axis.position(Math.max(one, other))).isLessThanOrEqualTo(axis.position(Math.min(one, other)));
    }

    @Property(tries = 500)
    void the_ticks_of_an_axis_have_different_labels(@ForAll @DoubleRange(min = -5, max = 14) double magnitude) {
        ValueAxis axis = ValueAxis.of(0, Math.pow(10, magnitude), false);

        assertThat(Arrays.stream(axis.ticks()).mapToObj(axis.format(Locale.ENGLISH)::format))
                .doesNotHaveDuplicates();
    }

    @Test
    void ticks_have_the_decimals_of_their_step() {
        ValueAxis axis = ValueAxis.of(0, 0.17, false);

        assertThat(Arrays.stream(axis.ticks()).mapToObj(axis.format(Locale.FRENCH)::format))
                .containsExactly("0", "0,05", "0,1", "0,15", "0,2");
    }

    @Property(tries = 500)
    void times_have_few_ticks_in_order(
            @ForAll @LongRange(min = -4_000_000_000L, max = 4_000_000_000L) long first,
            @ForAll @LongRange(min = 1, max = 100_000_000L) long seconds) {
        Instant start = Instant.ofEpochSecond(first);
        Map<Instant, String> times = TimeTicks.times(start, start.plusSeconds(seconds), PARIS, Locale.ENGLISH);

        assertThat(times.size()).isLessThanOrEqualTo(7);
        assertThat(List.copyOf(times.keySet()))
                .isSorted()
                .allMatch(time -> !time.isBefore(start) && !time.isAfter(start.plusSeconds(seconds)));
    }

    private static void assertWithin(String html) {
        assertThat(STYLE.matcher(html).find()).as("styles and scripts").isFalse();
        Document plot = parse(html);
        for (Element element : plot.getAllElements()) {
            double x = share(element, "x");
            double y = share(element, "y");
            double right = x + share(element, "width");
            double bottom = y + share(element, "height");
            for (String attribute : List.of("x1", "x2", "y1", "y2")) {
                assertThat(share(element, attribute)).isBetween(0.0, 100.0);
            }
            assertThat(List.of(x, y, right, bottom)).allMatch(share -> share >= 0 && share <= 100.01);
        }
        for (Element line : plot.select("polyline")) {
            double last = -1;
            for (String point : line.attr("points").split(" ")) {
                String[] position = point.split(",");
                assertThat(Double.parseDouble(position[0]))
                        .isBetween(0.0, 100.0)
                        .isGreaterThan(last);
                assertThat(Double.parseDouble(position[1])).isBetween(0.0, 100.0);
                last = Double.parseDouble(position[0]);
            }
        }
    }

    /** Returns a percentage, and 0 for a length. */
    private static double share(Element element, String attribute) {
        String value = element.attr(attribute);
        return value.endsWith("%") ? Double.parseDouble(value.replace("%", "")) : 0;
    }

    private static List<List<String>> rows(Document plot) {
        return plot.select("tbody tr").stream()
                .map(row -> row.children().stream().map(Element::text).toList())
                .toList();
    }

    /** Parses a plot, which must be well-formed as XML too, with unique ids. */
    private static Document parse(String html) {
        try {
            DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(html)));
        } catch (Exception e) {
            throw new AssertionError(html, e);
        }
        Document document = Jsoup.parse(html, "", Parser.xmlParser());
        Set<String> ids = new HashSet<>();
        assertThat(document.select("[id]").eachAttr("id")).allMatch(ids::add);
        return document;
    }

    private static String plot(TimePlot.Form form, PlotWords words, TimePlot.Series... series) {
        return new TimePlot("views", "Views", "By day", form, FIRST, LAST, List.of(series), words).toHtml();
    }

    private static String plot(TimePlot.Form form, LocalDate first, LocalDate last, List<TimePlot.Series> series) {
        return new TimePlot("views", "Views", "By day", form, first, last, series, ENGLISH).toHtml();
    }

    private static String bars(List<TimeBars.Bar> bars) {
        return new TimeBars("slices", "Slices", "Each", List.of("proved", "read"), bars, NOON, PARIS, COLUMNS, ENGLISH)
                .toHtml();
    }

    private static String gauge(Duration age) {
        return new Gauge(
                        "age",
                        "Age",
                        age,
                        Duration.ofHours(24),
                        Duration.ofHours(48),
                        List.of("fresh", "stale", "withdrawn"),
                        ENGLISH)
                .toHtml();
    }
}
