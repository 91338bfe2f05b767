package fr.relais.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The settings {@code relais.display.*}.
 *
 * @param bannerAfter the age of the mirror above which a banner says that it is out of date
 * @param withdrawAfter the age of the mirror above which no offer is shown; not shorter than {@code bannerAfter}
 * @param xitiTag the query parameters that are appended to the operator's link, with <code>{id}</code> for the offer's
 *     id; may be empty
 * @param logo the file of the operator's logo
 * @param licenceUrl the address of the licence
 * @param publicUrl the public address of the pages, without a trailing slash; when empty, the address in each request
 *     is used
 * @param robots the instructions to robots on each page; may be empty
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
                "a time of at least " + BANNER_AFTER);
        return new DisplaySettings(
                bannerAfter,
                withdrawAfter,
                values.text(
                        "relais.display.xiti-tag",
                        text -> text.isEmpty() || text.matches(TAG) && text.contains("{id}"),
                        "query parameters that contain {id}, such as at_campaign=example&at_offer={id}"),
                values.readableFile(
                        "relais.display.logo",
                        ".*\\.(svg|png|jpg|webp)",
                        "a file *.svg, *.png, *.jpg or *.webp that can be read"),
                values.httpAddress("relais.display.licence-url"),
                values.optionalHttpAddress("relais.display.public-url").map(text -> text.replaceAll("/+$", "")),
                values.text("relais.display.robots"));
    }
}
