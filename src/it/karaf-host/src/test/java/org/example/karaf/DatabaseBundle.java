package org.example.karaf;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A bundle whose DataSource is a service of the container. */
public final class DatabaseBundle implements BundleActivator {

    static final String NAME = "jdbc/offers";

    private static final String URL = "Database-Url";

    @Override
    public void start(BundleContext bundle) throws SQLException {
        Dictionary<String, String> properties = new Hashtable<>();
        properties.put("osgi.jndi.service.name", NAME);
        bundle.registerService(
                DataSource.class,
                new MariaDbDataSource(bundle.getBundle().getHeaders().get(URL)),
                properties);
    }

    @Override
    public void stop(BundleContext bundle) {
        // The container unregisters the service.
    }

    /** Writes the bundle, with the driver inside. */
    static void write(Path file, String url) throws IOException, URISyntaxException {
        Manifest manifest = new Manifest();
        Attributes headers = manifest.getMainAttributes();
        headers.putValue("Manifest-Version", "1.0");
        headers.putValue("Bundle-ManifestVersion", "2");
        headers.putValue("Bundle-SymbolicName", "org.example.database");
        headers.putValue("Bundle-Version", "1");
        headers.putValue("Bundle-Activator", DatabaseBundle.class.getName());
        headers.putValue("Bundle-ClassPath", ".,driver.jar");
        headers.putValue("DynamicImport-Package", "*");
        headers.putValue(URL, url);
        String own = DatabaseBundle.class.getName().replace('.', '/') + ".class";
        Path driver = Path.of(MariaDbDataSource.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest);
                InputStream type = DatabaseBundle.class.getClassLoader().getResourceAsStream(own)) {
            jar.putNextEntry(new JarEntry(own));
            type.transferTo(jar);
            jar.putNextEntry(new JarEntry("driver.jar"));
            Files.copy(driver, jar);
        }
    }
}
