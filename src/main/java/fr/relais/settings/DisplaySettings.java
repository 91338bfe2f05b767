package fr.relais.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings {@code relais.display.*}.
 *
 * @param bannerAfter the age from which the mirror is stale
 * @param withdrawAfter the age from which no offer is shown; no less than {@code bannerAfter}
 * @param xitiTag what is appended to the operator's link, with <code>{id}</code> for the offer's id; may be empty
 * @param logo the operator's logo
 * @param licenceUrl where the licence can be read
 * @param publicUrl the address under which the public reaches the pages, without a slash at its end; nothing when each request names it
 * @param robots what robots are told on each page; may be empty
 */
public record DisplaySettings(
        Duration bannerAfter,
        Duration withdrawAfter,
        String xitiTag,
        Optional<Path> logo,
        String licenceUrl,
        Optional<String> publicUrl,
        String robots) {

    private static final String BANNER_AFTER = "relais.display.banner-after";
    private static final String WITHDRAW_AFTER = "relais.display.withdraw-after";
    private static final String TAG_PARAMETER = "[\\w.-]+=([\\w.~%,;:@/-]|\\{id})*";
    private static final String TAG = TAG_PARAMETER + "(&" + TAG_PARAMETER + ")*";

    static DisplaySettings of(SettingValues values) {
        Duration bannerAfter = values.duration(BANNER_AFTER);
        Duration withdrawAfter = values.duration(WITHDRAW_AFTER);
        values.text(
                WITHDRAW_AFTER,
                text -> withdrawAfter.compareTo(bannerAfter) >= 0,
                "no shorter a time than " + BANNER_AFTER);
        return new DisplaySettings(
                bannerAfter,
                withdrawAfter,
                values.text(
                        "relais.display.xiti-tag",
                        text -> text.isEmpty() || text.matches(TAG) && text.contains("{id}"),
                        "what is appended to a link, with {id} in it, such as at_campaign=example&at_offer={id}"),
                values.readableFile(
                        "relais.display.logo",
                        ".*\\.(svg|png|jpg|webp)",
                        "a file *.svg, *.png, *.jpg or *.webp that can be read"),
                values.httpAddress("relais.display.licence-url"),
                values.optionalHttpAddress("relais.display.public-url").map(text -> text.replaceAll("/+$", "")),
                values.text("relais.display.robots"));
    }
}
