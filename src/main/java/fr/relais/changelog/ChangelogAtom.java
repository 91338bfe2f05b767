package fr.relais.changelog;

import static fr.relais.licence.Mentions.TEXTS;

import fr.relais.audit.SelfAudit;
import fr.relais.licence.Mentions;
import fr.relais.sweep.SweepSummary;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The file {@code modifications.atom} (RFC 4287), with an entry for each version of the method and each sweep.
 */
final class ChangelogAtom {

    private static final String NAMESPACE = "http://www.w3.org/2005/Atom";

    private final UUID feed;
    private final XMLStreamWriter xml;

    private ChangelogAtom(UUID feed, XMLStreamWriter xml) {
        this.feed = feed;
        this.xml = xml;
    }

    static byte[] write(ChangelogContent content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            XMLStreamWriter xml =
                    XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(out, StandardCharsets.UTF_8.name());
            new ChangelogAtom(content.feed(), xml).write(content, updatedAt(content));
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("writing XML to memory cannot fail", e);
        }
        return out.toByteArray();
    }

    private void write(ChangelogContent content, Instant updated) throws XMLStreamException {
        Mentions mentions = content.mentions();
        xml.writeStartDocument(StandardCharsets.UTF_8.name(), "1.0");
        xml.writeStartElement("feed");
        xml.writeDefaultNamespace(NAMESPACE);
        xml.writeAttribute("xml:lang", "fr");
        element("id", "urn:uuid:" + feed);
        element("title", TEXTS.getString("changelog.title"));
        element("subtitle", subtitle(content));
        element("updated", updated.toString());
        xml.writeStartElement("author");
        element("name", "Relais");
        xml.writeEndElement();
        element("rights", mentions.licence() + " " + mentions.licenceUrl());
        link("license", mentions.licenceUrl());
        link("related", mentions.changelogUrl());
        if (content.selfAudit().isPresent()) {
            SelfAudit audit = content.selfAudit().get();
            entry(
                    "self-audit " + audit.at(),
                    TEXTS.getString("changelog.audit"),
                    audit.at(),
                    ChangelogContent.inWords(audit));
        }
        for (MethodVersion version : content.versions()) {
            entry(
                    "method " + version.number() + " " + version.sha256(),
                    String.format(Locale.FRENCH, TEXTS.getString("changelog.version"), version.number()),
                    version.since(),
                    version.difference().isEmpty()
                            ? version.method().text()
                            : String.join("\n", version.difference()) + "\n");
        }
        for (SweepSummary sweep : content.sweeps()) {
            entry(
                    "sweep " + sweep.id() + " " + sweep.startedAt(),
                    String.format(
                            Locale.FRENCH,
                            TEXTS.getString("changelog.sweep"),
                            sweep.id(),
                            TEXTS.getString("changelog.state." + sweep.state())),
                    endedAt(sweep),
                    String.format(
                            Locale.FRENCH,
                            TEXTS.getString("changelog.sweep.counts"),
                            sweep.created(),
                            sweep.updated(),
                            sweep.unchanged(),
                            sweep.removed(),
                            sweep.outOfScope(),
                            sweep.kept(),
                            sweep.setAside()));
        }
        xml.writeEndDocument();
    }

    private static String subtitle(ChangelogContent content) {
        String source = content.mentions().source() + ", " + content.mentions().updatedAtText();
        return content.anchor()
                .map(anchor -> source + ". " + String.format(TEXTS.getString("changelog.anchor"), anchor))
                .orElse(source);
    }

    private void entry(String name, String title, Instant updated, String text) throws XMLStreamException {
        UUID id = UUID.nameUUIDFromBytes((feed + " " + name).getBytes(StandardCharsets.UTF_8));
        xml.writeStartElement("entry");
        element("id", "urn:uuid:" + id);
        element("title", title);
        element("updated", updated.toString());
        xml.writeStartElement("content");
        xml.writeAttribute("type", "text");
        xml.writeCharacters(text);
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void element(String name, String text) throws XMLStreamException {
        xml.writeStartElement(name);
        xml.writeCharacters(text);
        xml.writeEndElement();
    }

    private void link(String relation, String address) throws XMLStreamException {
        xml.writeEmptyElement("link");
        xml.writeAttribute("rel", relation);
        xml.writeAttribute("href", address);
    }

    private static Instant updatedAt(ChangelogContent content) {
        return Stream.of(
                        content.selfAudit().stream().map(SelfAudit::at),
                        content.versions().stream().map(MethodVersion::since),
                        content.sweeps().stream().map(ChangelogAtom::endedAt))
                .flatMap(times -> times)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private static Instant endedAt(SweepSummary sweep) {
        return sweep.startedAt().plus(sweep.duration());
    }
}
