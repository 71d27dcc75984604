(() => {
  const box = document.getElementById('find');
  if (!box) return;
  const field = box.querySelector('input');
  const told = box.querySelector('output');
  const entries = [...document.querySelectorAll('.entry')].map(element => ({ element, text: null }));
  const groups = [...document.querySelectorAll('.group')];
  let waiting;

  const find = () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(word => word);
    let shown = 0;
    for (const entry of entries) {
      entry.text ??= entry.element.textContent.toLowerCase();
      const isFound = words.every(word => entry.text.includes(word));
      entry.element.hidden = !isFound;
      shown += isFound ? 1 : 0;
    }
    for (const group of groups) group.hidden = !group.querySelector('.entry:not([hidden])');
    told.textContent = words.length ? `${shown} of ${entries.length}` : '';
  };

  field.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(find, 120);
  });
  field.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    field.value = '';
    find();
  });
  box.hidden = false;
})();
