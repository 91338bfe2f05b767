package fr.relais.web.console;

/**
 * Something that needs a person. The texts {@code notice.KEY.title} and {@code notice.KEY.text} say what it is, what it
 * means and what to do.
 *
 * @param level {@code bad}: act now; {@code warn}: have a look; {@code setting}: a setting is missing
 * @param first the first argument of the texts, already in the language of the page; may be empty
 * @param second the second argument of the texts; may be empty
 * @param reason what Relais says about the cause, in English; null when there is nothing to add
 * @param link the page of the console with more; null when there is none
 */
record Notice(String key, String level, String first, String second, String reason, String link) {

    static Notice of(String key, String level) {
        return new Notice(key, level, "", "", null, null);
    }

    Notice with(String first, String second) {
        return new Notice(key, level, first, second, reason, link);
    }

    Notice because(String reason) {
        return new Notice(key, level, first, second, reason, link);
    }

    Notice linkedTo(String page) {
        return new Notice(key, level, first, second, reason, page);
    }
}
