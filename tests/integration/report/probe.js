// Appended to a copy of a page by the test: looks at the pixels of every canvas, uses the controls,
// and leaves what it found in attributes of <html>, which the browser then prints.
window.addEventListener('load', () => {
  const root = document.documentElement;
  const visible = canvas => {
    const blank = document.createElement('canvas');
    blank.width = canvas.width; blank.height = canvas.height;
    return canvas.width > 0 && canvas.toDataURL() !== blank.toDataURL();
  };
  const look = () => {
    const all = Array.from(document.querySelectorAll('canvas'));
    return `${all.filter(visible).length} of ${all.length}`;
  };
  const pictures = () => Array.from(document.querySelectorAll('canvas')).map(c => c.toDataURL());
  root.dataset.probePixels = look();
  root.dataset.probeWide = document.documentElement.scrollWidth - document.documentElement.clientWidth;

  const before = pictures();
  const cells = document.querySelector('select[name=cell]');
  if (cells) {
    cells.value = '2';
    cells.dispatchEvent(new Event('change'));
    root.dataset.probeCells = Array.from(document.querySelectorAll('section.cell'))
      .filter(s => s.offsetParent !== null).map(s => s.dataset.cell).join();
    root.dataset.probePixelsOfCell = look();
    root.dataset.probeChanged = pictures().filter((p, i) => p !== before[i]).length;
  }
  for (const select of document.querySelectorAll('select[data-choice=metric]')) {
    select.value = '2';
    select.dispatchEvent(new Event('change'));
  }
  root.dataset.probePixelsOfMetric = look();
  const policy = document.querySelector('input[name=policy-1]');
  if (policy) policy.click();
  const table = document.querySelector('section.cell:not([hidden]) table.results');
  if (table) {
    const values = () => Array.from(table.tBodies[0].rows).map(r => Number(r.cells[1].dataset.v));
    const button = table.querySelectorAll('thead button')[1];
    button.click();
    root.dataset.probeAscending = values().every((v, i, all) => i === 0 || all[i - 1] <= v);
    button.click();
    root.dataset.probeDescending = values().every((v, i, all) => i === 0 || all[i - 1] >= v);
  }
  root.dataset.probeTables = Array.from(document.querySelectorAll('figure details table')).length;
  root.dataset.probeRequests = performance.getEntriesByType('resource').length;
  root.dataset.probeDone = 'yes';
});
