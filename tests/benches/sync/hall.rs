//! A hall with its devices, put into a store's record directly, and what these devices send: their
//! chains, pushes and signed requests, made before the clock runs.

use std::error::Error;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use central::edge::{new_uuid, random_bytes, system_clock};
use central::serve::open_store;
use central::store::{Marking, Store};
use domain::id::{DeviceId, GroupCode, HallId, WindowNo};
use domain::queue::{HallLayout, KioskLane, ServiceGroup};
use domain::time::UtcMs;
use sync::data_dir::DataDir;
use wire::api::{DeviceKind, Push};
use wire::envelope::{self, ChainHead, Draft};
use wire::event::{DeviceEnrolled, Event, HallLaidOut};
use wire::sign::{DeviceKey, RequestToSign, header};
use wire::version::{self, WireVersions};

/// A hall that was founded in a data directory, which it holds until it is dropped.
pub(crate) struct Hall {
    pub(crate) id: HallId,
    pub(crate) store: Store,
    pub(crate) devices: Vec<Device>,
    _dir: DataDir,
}

impl Hall {
    /// A hall with window 1, group A and so many kiosks.
    pub(crate) fn found(data: &Path, kiosks: usize) -> Result<Self, Box<dyn Error>> {
        let (dir, at) = (DataDir::take(data)?, now());
        let store = open_store(&dir, Marking::Synthetic, at)?;
        let id = HallId(new_uuid(at));
        let devices: Vec<Device> = (0..kiosks).map(|_| Device::new(id, at)).collect();
        let mut founding = vec![laid_out(id)?];
        founding.extend(devices.iter().map(Device::enrolled));
        store.write_blocking(move |write| {
            founding
                .iter()
                .try_for_each(|event| write.append(event, at).map(drop))
        })?;
        Ok(Self {
            id,
            store,
            devices,
            _dir: dir,
        })
    }

    /// Its devices; the directory is free for a server then.
    pub(crate) fn leave(self) -> Vec<Device> {
        self.devices
    }
}

/// The machine's clock.
pub(crate) fn now() -> UtcMs {
    system_clock()()
}

fn laid_out(hall: HallId) -> Result<Event, Box<dyn Error>> {
    let (group, window) = (GroupCode::new('A')?, WindowNo::new(1)?);
    let service = ServiceGroup {
        name: "综合就业".to_owned(),
        hint: String::new(),
        typical_service_minutes: 10,
    };
    let layout = HallLayout {
        groups: [(group, service)].into(),
        windows: [(window, [group].into())].into(),
    };
    let station_name = "示例大厅".to_owned();
    Ok(Event::HallLaidOut(HallLaidOut {
        hall,
        station_name,
        layout,
    }))
}

/// A kiosk with its chain.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) hall: HallId,
    pub(crate) key: DeviceKey,
    pub(crate) head: ChainHead,
    requests: u64,
}

impl Device {
    fn new(hall: HallId, at: UtcMs) -> Self {
        Self {
            id: DeviceId(new_uuid(at)),
            hall,
            key: DeviceKey::from_bytes(&random_bytes()),
            head: ChainHead::EMPTY,
            requests: 0,
        }
    }

    fn enrolled(&self) -> Event {
        Event::DeviceEnrolled(DeviceEnrolled {
            device: self.id,
            name: "示例设备".to_owned(),
            kind: Self::KIND,
            hall: self.hall,
            public_key: self.key.public(),
        })
    }

    /// What every device here is.
    pub(crate) const KIND: DeviceKind = DeviceKind::HallKiosk { lane: KioskLane(2) };

    /// Writes an event into the device's chain and returns its text.
    pub(crate) fn write(&mut self, event: &Event, at: UtcMs) -> String {
        let (kind, body) = (event.kind(), event.body());
        let draft = Draft {
            writer: self.id,
            at,
            kind,
            body: &body,
        };
        let text = envelope::write(&draft, self.head);
        self.head = ChainHead {
            seq: self.head.seq + 1,
            hash: envelope::EventHash::of(&text),
        };
        text
    }

    /// The body of a push of what was written last.
    pub(crate) fn push_of(&self, events: Vec<String>, at: UtcMs) -> serde_json::Result<Vec<u8>> {
        serde_json::to_vec(&Push {
            events,
            tail_signature: self.key.sign_tail(self.id, self.head),
            device_time: at,
            clock_since_seq: 0,
        })
    }

    pub(crate) fn sign(&mut self, method: &'static str, path: String, body: Vec<u8>) -> Signed {
        self.requests += 1;
        let (time, nonce) = (now(), format!("{:016x}", self.requests));
        let signature = self.key.sign_request(&RequestToSign {
            method,
            path_and_query: &path,
            body: &body,
            device: self.id,
            time,
            nonce: &nonce,
        });
        let headers = [
            (header::DEVICE, self.id.to_string()),
            (header::TIME, time.0.to_string()),
            (header::NONCE, nonce),
            (header::SIGNATURE, hex::encode(signature.0)),
            (version::HEADER, WireVersions::OURS.to_string()),
        ];
        Signed {
            method,
            path,
            headers,
            body,
        }
    }
}

/// A request with its signature.
pub(crate) struct Signed {
    method: &'static str,
    path: String,
    headers: [(&'static str, String); 5],
    pub(crate) body: Vec<u8>,
}

impl Signed {
    /// As it stands on the wire.
    pub(crate) fn raw(&self) -> Vec<u8> {
        let Self { method, path, .. } = self;
        let mut head = format!("{method} {path} HTTP/1.1\r\nhost: hall\r\n");
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [head.as_bytes(), &self.body].concat()
    }

    /// As a router takes it in this process.
    pub(crate) fn in_process(self) -> axum::http::Result<Request<Body>> {
        let mut request = Request::builder().method(self.method).uri(self.path);
        for (name, value) in self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body))
    }
}
