package fr.relais.web.console;

/**
 * Something that needs a person. The texts {@code notice.title.KEY} and {@code notice.text.KEY} say what it is and what
 * to do.
 *
 * @param detail the sentence of the watch with names, times and causes, in English; null when there is none
 * @param page the page of the console with more; null when there is none
 * @param runbook the address of the entry of the guide; null when there is none
 */
record Notice(String key, Level level, String detail, String page, String runbook) {

    /** How urgent a notice is, most urgent first. The texts are {@code level.LEVEL}. */
    enum Level {
        CRITICAL,
        WARNING,
        SETTING,
        INFO
    }

    static Notice of(String key, Level level) {
        return new Notice(key, level, null, null, null);
    }

    /** Returns the class of the badge and of the frame. */
    public String look() {
        return switch (level) {
            case CRITICAL -> "bad";
            case WARNING, SETTING -> "warn";
            case INFO -> "";
        };
    }
}
