package fr.relais.web.page;

import fr.relais.licence.Mentions;
import fr.relais.web.Json;
import fr.relais.web.OperatorLink;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ResourceBundle;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.unbescape.html.HtmlEscape;

/**
 * An offer as the public sees it: every value of its JSON, arranged in sections (licence, article 5.3).
 *
 * @param title the offer's {@code intitule}, or its number when there is none
 * @param publishedOn the day of the offer's {@code dateCreation} in words, or null; an entry has the date as received
 * @param updatedOn the day of the offer's {@code dateActualisation} in words, or null
 * @param operatorLink the tagged address of the offer's page on the operator's site, or null
 * @param body the sections that have entries, as HTML
 */
record OfferPage(String id, String title, String publishedOn, String updatedOn, String operatorLink, String body) {

    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("d MMMM yyyy", Locale.FRENCH);

    /** The texts of the message bundle, in a plain map, because a page looks up two hundred of them. */
    private static final Map<String, String> TEXTS = texts("");

    /** The labels of fields, by the path of the field. */
    private static final Map<String, String> LABELS = texts("field.");

    /** The meanings of codes, by the last name of the field's path and then by the code. */
    private static final Map<String, Map<String, String>> MEANINGS = meanings();

    /** The section of the fields that have no place in the message bundle. */
    private static final String OTHER_SECTION = "autres";

    /** The place of each field, by its path. A nested field shares the place of its parent unless it has its own. */
    private static final Map<String, Place> PLACES = places();

    private static final List<String> SECTIONS = List.of(TEXTS.get("sections").split(","));

    /**
     * The place of a field on the page.
     *
     * @param rank the order within the section, lowest first
     */
    private record Place(String section, int rank) {}

    private static final Comparator<Part> UNLABELLED_FIRST = Comparator.comparing(part -> part.label != null);

    private static final Place OTHER_PLACE = new Place(OTHER_SECTION, 0);

    /** @param name the section's name in the message bundle and in the style sheet */
    record Section(String name, String title, List<Entry> entries) {}

    /** A field with its items: one, or those of an array. */
    record Entry(int rank, String label, List<List<Part>> items) {}

    /**
     * One value of an item.
     *
     * @param label the label that distinguishes the value from others of the item, or null
     * @param text the value as received, except for characters that no page can show
     * @param meaning the meaning of a code, or null
     * @param href the target of a link, or null
     */
    record Part(String label, String text, String meaning, String href) {}

    /**
     * Arranges an offer in sections.
     *
     * @param json the offer as received
     */
    static OfferPage of(String id, Json json, OperatorLink link) {
        Map<String, List<Entry>> bySection = new LinkedHashMap<>();
        SECTIONS.forEach(section -> bySection.put(section, new ArrayList<>()));
        bySection.put(OTHER_SECTION, new ArrayList<>());
        String title = json.text("intitule")
                .map(OfferPage::shown)
                .filter(text -> !text.isBlank())
                .orElse(id);
        new Walk(id, title, link, bySection).collect(null, json, OTHER_PLACE);
        List<Section> sections = new ArrayList<>();
        bySection.forEach((name, entries) -> {
            if (!entries.isEmpty()) {
                entries.sort(Comparator.comparing(Entry::rank));
                sections.add(new Section(name, TEXTS.get("section." + name), entries));
            }
        });
        return new OfferPage(
                id,
                title,
                day(json, "dateCreation"),
                day(json, "dateActualisation"),
                link.of(json, id).orElse(null),
                Markup.of(sections));
    }

    /** Returns the HTML for the placeholders of a {@link TemplateCache template}, without those that are null. */
    Map<String, String> html() {
        Map<String, String> html = new HashMap<>();
        html.put("body", body);
        BiConsumer<String, String> escaped = (name, text) -> {
            if (text != null) {
                html.put(name, HtmlEscape.escapeHtml4Xml(text));
            }
        };
        escaped.accept("id", id);
        escaped.accept("title", title);
        escaped.accept("publishedOn", publishedOn);
        escaped.accept("updatedOn", updatedOn);
        escaped.accept("operatorLink", operatorLink);
        return html;
    }

    /** Returns a day in words, as the source wrote it and in no other time zone; null when the text is not a date. */
    private static String day(Json json, String field) {
        String text = json.text(field).orElse("");
        try {
            return text.length() < 10 ? null : DAY.format(LocalDate.parse(text.substring(0, 10)));
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** A walk through the JSON of an offer that collects the entries. */
    private record Walk(String id, String title, OperatorLink link, Map<String, List<Entry>> bySection) {

        /**
         * Adds the entries of a value to their sections.
         *
         * @param path the path of the value, or null for the whole offer
         */
        void collect(String path, Json json, Place place) {
            if (json instanceof Json.Fields object && !object.fields().isEmpty()) {
                object.fields().forEach(field -> {
                    String child = path == null ? field.name() : path + "." + field.name();
                    collect(child, field.value(), PLACES.getOrDefault(child, place));
                });
            } else if (path != null && !isTitle(path, json)) {
                List<List<Part>> items = new ArrayList<>();
                if (json instanceof Json.Items array && !array.items().isEmpty()) {
                    array.items().forEach(item -> items.add(parts(path, null, item)));
                } else {
                    items.add(parts(path, null, json));
                }
                bySection.get(place.section).add(new Entry(place.rank, label(path), items));
            }
        }

        /** Returns whether the value is already shown as the title of the page. */
        private boolean isTitle(String path, Json json) {
            return path.equals("intitule")
                    && json instanceof Json.Text text
                    && shown(text.value()).equals(title);
        }

        private List<Part> parts(String path, String within, Json json) {
            List<Part> parts = new ArrayList<>();
            if (json instanceof Json.Fields object && !object.fields().isEmpty()) {
                object.fields()
                        .forEach(field -> parts.addAll(parts(
                                path, within == null ? field.name() : within + "." + field.name(), field.value())));
            } else if (json instanceof Json.Items array && !array.items().isEmpty()) {
                array.items().forEach(item -> parts.addAll(parts(path, within, item)));
            } else {
                parts.add(part(path, within, json));
            }
            // The name of an item goes before its details, which have labels.
            parts.sort(UNLABELLED_FIRST);
            return parts;
        }

        private Part part(String path, String within, Json json) {
            String whole = within == null ? path : path + "." + within;
            // The libelle of an item is understood without a label.
            String label = within == null || within.equals("libelle") ? null : label(whole, within);
            if (json instanceof Json.Text text && !text.value().isEmpty()) {
                return new Part(label, shown(text.value()), meaning(whole, text.value()), href(whole, text.value()));
            } else if (json instanceof Json.Literal literal) {
                return switch (literal.value()) {
                    case "true" -> new Part(label, TEXTS.get("value.true"), null, null);
                    case "false" -> new Part(label, TEXTS.get("value.false"), null, null);
                    default -> new Part(label, literal.value(), null, null);
                };
            }
            return new Part(label, TEXTS.get("value.none"), null, null);
        }

        private String href(String path, String text) {
            return switch (path) {
                case "origineOffre.urlOrigine" -> link.of(text, id).orElse(null);
                case "origineOffre.partenaires.url",
                        "entreprise.url",
                        "contact.urlRecruteur",
                        "contact.urlPostulation" -> OperatorLink.web(text).orElse(null);
                default -> null;
            };
        }
    }

    /** Replaces the characters that no page can show, such as U+0000 and lone surrogates, with U+FFFD. */
    static String shown(String text) {
        int good = 0;
        while (good < text.length() && (isPlain(text.charAt(good)) || canBeShown(text.codePointAt(good)))) {
            good = text.offsetByCodePoints(good, 1);
        }
        if (good == text.length()) {
            return text;
        }
        StringBuilder shown = new StringBuilder();
        text.codePoints().forEach(point -> shown.appendCodePoint(canBeShown(point) ? point : 0xFFFD));
        return shown.toString();
    }

    /** Returns whether a character is one of those that nearly all texts consist of. */
    private static boolean isPlain(char character) {
        return character >= ' ' && character < 0x7F
                || character == '\n'
                || character == '\r'
                || character >= 0xA0 && character < 0xD800;
    }

    private static boolean canBeShown(int point) {
        return point >= ' ' && point < 0x7F
                || point == '\n'
                || point == '\r'
                || point == '\t'
                || point >= 0xA0
                        && (point < 0xD800 || point > 0xDFFF)
                        && (point & 0xFFFE) != 0xFFFE
                        && (point < 0xFDD0 || point > 0xFDEF);
    }

    private static String label(String path) {
        return label(path, path);
    }

    private static String label(String path, String otherwise) {
        String label = LABELS.get(path);
        return label != null ? label : shown(otherwise.replace(".", " › "));
    }

    private static String meaning(String path, String code) {
        return MEANINGS.getOrDefault(path.substring(path.lastIndexOf('.') + 1), Map.of())
                .get(code);
    }

    private static Map<String, String> texts(String prefix) {
        ResourceBundle bundle = Mentions.TEXTS;
        return bundle.keySet().stream()
                .filter(key -> key.startsWith(prefix))
                .collect(Collectors.toMap(key -> key.substring(prefix.length()), bundle::getString));
    }

    private static Map<String, Map<String, String>> meanings() {
        Map<String, Map<String, String>> meanings = new HashMap<>();
        texts("value.").forEach((key, meaning) -> {
            int dot = key.lastIndexOf('.');
            if (dot > 0) {
                meanings.computeIfAbsent(key.substring(0, dot), name -> new HashMap<>())
                        .put(key.substring(dot + 1), meaning);
            }
        });
        return meanings;
    }

    private static Map<String, Place> places() {
        Map<String, Place> places = new HashMap<>();
        for (String section : TEXTS.get("sections").split(",")) {
            for (String path : TEXTS.get("section." + section + ".fields").split(",")) {
                if (places.put(path, new Place(section, places.size())) != null) {
                    throw new IllegalStateException("messages.properties has two places for " + path);
                }
            }
        }
        return places;
    }
}
