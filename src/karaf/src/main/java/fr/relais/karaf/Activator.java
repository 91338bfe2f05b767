package fr.relais.karaf;

import java.sql.Driver;
import java.sql.DriverManager;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.cm.ManagedService;

/** The entry point of the bundle. The pipeline starts when the container delivers the configuration. */
public final class Activator implements BundleActivator {

    /** The name of the configuration, and of its file {@code etc/fr.relais.cfg}. */
    static final String CONFIGURATION = "fr.relais";

    private Supervisor supervisor;
    private ServiceRegistration<ManagedService> registration;

    @Override
    public void start(BundleContext bundle) throws Exception {
        supervisor = new Supervisor(bundle);
        Dictionary<String, String> properties = new Hashtable<>();
        properties.put(Constants.SERVICE_PID, CONFIGURATION);
        registration = bundle.registerService(ManagedService.class, supervisor::configure, properties);
    }

    @Override
    public void stop(BundleContext bundle) throws Exception {
        registration.unregister();
        supervisor.close();
        // The MariaDB driver registers itself, and the JDK would keep its class loader, which is that of the bundle.
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            if (driver.getClass().getClassLoader() == Activator.class.getClassLoader()) {
                DriverManager.deregisterDriver(driver);
            }
        }
    }
}
